namespace Portal.Shared;

/// <summary>How serious something looks. Never told by colour alone: a word and a shape go with it.</summary>
public enum Tone
{
    /// <summary>Nothing special.</summary>
    Quiet,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>On its way.</summary>
    Busy,

    /// <summary>Deserves a look.</summary>
    Warn,

    /// <summary>Needs somebody.</summary>
    Bad,
}
