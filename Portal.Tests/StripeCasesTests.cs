using System.Text.RegularExpressions;
using Xunit;

namespace Portal.Tests;

/// <summary>The table of edge cases in the documentation, checked against the tests that it names.</summary>
[Trait("Database", "Without")]
public sealed partial class StripeCasesTests
{
    private static readonly string[] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "stripe-cases.md")).Where(line => Row().IsMatch(line))];

    [Fact]
    public void The_table_has_all_fifty_cases_in_order() =>
        Assert.Equal(Enumerable.Range(1, 50), Rows.Select(row => int.Parse(Row().Match(row).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Every_case_names_tests_and_every_test_that_is_named_exists()
    {
        var tests = typeof(StripeCasesTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.GetCustomAttributes(typeof(FactAttribute), true).Length > 0).Select(m => m.Name).ToHashSet();
        foreach (var row in Rows)
        {
            var named = Name().Matches(row).Select(m => m.Groups[1].Value).ToList();
            Assert.True(named.Count > 0, row);
            Assert.All(named, name => Assert.Contains(name, tests));
        }
    }

    [GeneratedRegex(@"^\| (\d+) \|")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z]\\w+_\\w+)`")]
    private static partial Regex Name();
}
