using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Portal.Tests.Telemetry;

/// <summary>The dashboard and the alerts that go with the portal ask for figures that it has.</summary>
public sealed partial class DeployFilesTests(MetricsTests.ScrapedHost host) : IClassFixture<MetricsTests.ScrapedHost>
{
    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy");

    [Fact]
    public async Task The_dashboard_asks_for_what_there_is()
    {
        using var board = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Deploy, "grafana-dashboard.json")));
        var panels = board.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() != "row").ToList();

        Assert.Contains(board.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray(), v => v.GetProperty("type").GetString() == "datasource" && v.GetProperty("query").GetString() == "prometheus");
        Assert.All(panels, p => Assert.Equal("${datasource}", p.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        await AssertThereAsync(panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!));
    }

    [Fact]
    public async Task The_alerts_ask_for_what_there_is()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Deploy, "alerts.yml"));
        var (alerts, expressions) = (lines.Count(l => l.Contains("- alert:", StringComparison.Ordinal)), lines.Where(l => l.TrimStart().StartsWith("expr: ", StringComparison.Ordinal)).ToList());

        Assert.Equal(alerts, expressions.Count);
        Assert.All(["PortalNoEvents", "PortalLag", "PortalFailedEvents", "PortalNotReady", "PortalDisk"], name => Assert.Contains($"      - alert: {name}", lines));
        await AssertThereAsync(expressions);
    }

    [Fact]
    public async Task Every_figure_is_explained()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "observability.md"));

        Assert.DoesNotContain((await FiguresAsync()).Families.Keys, f => !text.Contains($"`{f}`", StringComparison.Ordinal));
    }

    private async Task AssertThereAsync(IEnumerable<string> expressions)
    {
        var figures = await FiguresAsync();
        var asked = expressions.SelectMany(e => Name().Matches(NotFigures().Replace(e, " ")).Select(m => m.Value)).Distinct().ToList();
        Assert.NotEmpty(asked);
        Assert.DoesNotContain(asked, name => !figures.Families.ContainsKey(figures.FamilyOf(name)));
    }

    private async Task<Exposition> FiguresAsync()
    {
        var client = host.CreateVisitor();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.Settings["Telemetry:MetricsToken"]);
        return await Exposition.OfAsync(client);
    }

    /// <summary>Labels, their values, and what is grouped by.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\bby \([^)]*\)")]
    private static partial Regex NotFigures();

    [GeneratedRegex(@"\b(?:portal|http|dotnet|aspnetcore)_[a-z0-9_]+")]
    private static partial Regex Name();
}
