using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Tests;

/// <summary>One request of a <c>.http</c> file.</summary>
/// <param name="Title">What stands after <c>###</c>.</param>
/// <param name="Name">Under which later requests speak of its answer, if they do.</param>
/// <param name="Expected">The status that its comment names.</param>
/// <param name="Text">The request itself, its variables not yet filled in.</param>
internal sealed record WrittenRequest(string Title, string? Name, int Expected, string Text)
{
    /// <summary>The request with this text, its variables filled in.</summary>
    public static HttpRequestMessage Message(string text)
    {
        var (head, body) = text.Split("\n\n", 2) is [var first, var rest] ? (first, rest) : (text, null);
        var lines = head.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (verb, url) = lines[0].Split(' ', 2) is [var v, var u] ? (v, u.Trim()) : throw new FormatException($"'{lines[0]}' is no request line.");
        var message = new HttpRequestMessage(new HttpMethod(verb), url);
        if (body is not null) message.Content = new StringContent(body.Trim(), Encoding.UTF8, "application/json");
        foreach (var line in lines.Skip(1))
        {
            var (name, value) = line.Split(':', 2) is [var n, var w] ? (n, w.Trim()) : throw new FormatException($"'{line}' is no header.");
            if (name != "Content-Type") message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }
}

/// <summary>Reads a <c>.http</c> file as editors do: requests parted by <c>###</c>, comments by <c>#</c>, variables by <c>@name = value</c>.</summary>
internal static partial class RequestFile
{
    public static IReadOnlyList<WrittenRequest> Read(string path) =>
        [.. File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n### ").Skip(1).Select(One)];

    private static WrittenRequest One(string part)
    {
        var lines = part.Split('\n');
        var comments = lines.Skip(1).TakeWhile(l => l.StartsWith('#')).ToList();
        var expected = comments.Select(c => Expectation().Match(c)).FirstOrDefault(m => m.Success)
            ?? throw new FormatException($"'{lines[0]}' does not say what it expects.");
        var name = comments.Select(c => Naming().Match(c)).FirstOrDefault(m => m.Success)?.Groups[1].Value;
        return new WrittenRequest(lines[0], name, int.Parse(expected.Groups[1].Value, CultureInfo.InvariantCulture),
            string.Join('\n', lines.Skip(1 + comments.Count)).Trim('\n'));
    }

    [GeneratedRegex(@"^# expect (\d{3})$")]
    private static partial Regex Expectation();

    [GeneratedRegex(@"^# @name (\w+)$")]
    private static partial Regex Naming();
}
