using System.Diagnostics.CodeAnalysis;

namespace Portal.Core;

/// <summary>An expected failure: a stable code for machines, a sentence for people, and the field that it is about.</summary>
/// <param name="Code">Stable, in camelCase, such as <c>codeTaken</c>.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
/// <param name="Field">The request's field, where one is to blame.</param>
/// <param name="Kind">How the caller should take it.</param>
public sealed record Problem(string Code, string Detail, string? Field = null, ProblemKind Kind = ProblemKind.Invalid);

/// <summary>How a caller should take a problem.</summary>
public enum ProblemKind
{
    /// <summary>The request is wrong; the same request will fail again.</summary>
    Invalid,

    /// <summary>What it names does not exist.</summary>
    Missing,

    /// <summary>It collides with what is there already.</summary>
    Conflict,
}

/// <summary>A value, or the problem that stood in its way. Exceptions are left for bugs.</summary>
public sealed class Outcome<T> where T : notnull
{
    private readonly T? _value;
    private readonly Problem? _problem;

    private Outcome(T? value, Problem? problem) => (_value, _problem) = (value, problem);

    /// <summary>The good case.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>The expected failure.</summary>
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);

    /// <summary>Exactly one of the two is given.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem) =>
        ((value, problem) = (_value, _problem)) is { problem: null };
}
