using Portal.Core.Audit;

namespace Portal.Core.Access;

/// <summary>Who acts in this scope: one request, one circuit, or one job. The host fills it in; until then it is the portal itself.</summary>
public sealed class CurrentActor
{
    /// <summary>The name of somebody who has not signed in.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Who acts, and from where.</summary>
    public Actor Actor { get; private set; } = Actor.System;

    /// <summary>Says who acts from here on.</summary>
    public void Become(Actor actor) => Actor = actor;

    /// <summary>An e-mail address as far as a log may show it: <c>an…@example.com</c>.</summary>
    public static string Shorten(string? email)
    {
        if (string.IsNullOrWhiteSpace(email)) return "(none)";
        var clean = new string([.. email.Trim().Where(c => char.IsAscii(c) && !char.IsControl(c))]);   // no bidi marks, no line breaks
        var at = clean.LastIndexOf('@');
        var (name, domain) = at < 0 ? (clean, "") : (clean[..at], clean[at..]);
        return $"{name[..Math.Min(2, name.Length)]}…{domain[..Math.Min(60, domain.Length)]}";
    }
}
