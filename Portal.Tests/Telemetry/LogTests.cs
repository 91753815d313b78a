using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Pipeline;
using Portal.Core.Telemetry;
using Xunit;

namespace Portal.Tests.Telemetry;

public sealed partial class LogTests
{
    /// <summary>The one secret that is meant to be read in the log: it opens nothing once it was used.</summary>
    private const string SetupCode = "SetupCode";

    private static readonly string[] Projects = ["Portal", "Portal.Core"];

    private static readonly IReadOnlyList<(MethodInfo Method, LoggerMessageAttribute Line)> Lines =
    [
        .. new[] { typeof(Program).Assembly, typeof(Money).Assembly }.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => (Method: m, Line: m.GetCustomAttribute<LoggerMessageAttribute>()!)).Where(l => l.Line is not null),
    ];

    [Fact]
    public void Every_line_of_the_log_has_a_number_of_its_own()
    {
        Assert.True(Lines.Count > 10);
        Assert.Empty(Lines.GroupBy(l => l.Line.EventId).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(l => l.Method.Name))}"));
    }

    [Fact]
    public void No_line_of_the_log_takes_a_payload_a_secret_or_an_address() =>
        Assert.Empty(Lines.Where(l => l.Method.Name != SetupCode).SelectMany(l => l.Method.GetParameters().Where(p => Private().IsMatch(p.Name!) || p.ParameterType == typeof(byte[])).Select(p => $"{l.Method.Name}: {p.Name}")));

    [Fact]
    public void Every_line_of_the_log_is_written_by_its_generated_method()
    {
        var wrong = from file in Projects.SelectMany(p => Directory.EnumerateFiles(Path.Combine(Repository.Root, p), "*.cs", SearchOption.AllDirectories))
                    where !file.Split(Path.DirectorySeparatorChar).Contains("obj") && Direct().IsMatch(File.ReadAllText(file))
                    select Path.GetRelativePath(Repository.Root, file);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_line_of_the_log_is_in_the_documentation()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "observability.md"));

        Assert.DoesNotContain(Lines.Select(l => l.Line.EventId.ToString(CultureInfo.InvariantCulture)), id => !text.Contains($"| {id} |", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_json_log_has_scopes_unless_the_configuration_says_otherwise()
    {
        await using var host = new PortalHost();
        Assert.True(host.Services.GetRequiredService<IOptionsMonitor<JsonConsoleFormatterOptions>>().CurrentValue.IncludeScopes);
    }

    [Fact]
    public async Task What_is_said_of_one_event_names_it_and_its_delivery()
    {
        using var factory = LoggerFactory.Create(_ => { });
        var lines = new ScopeKeeper();
        factory.AddProvider(lines);
        var logger = factory.CreateLogger("x");
        using (logger.In(PortalEnvironment.Sandbox, 7, 8)) logger.EventBroke(7, "customer.created", new InvalidOperationException());

        Assert.Equal("environment sandbox, event 7, delivery 8", Assert.Single(lines.Seen));
    }

    [GeneratedRegex("body|payload|secret|e-?mail|password|token|address|signature", RegexOptions.IgnoreCase)]
    private static partial Regex Private();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex Direct();

    /// <summary>Keeps the scopes in which something was said.</summary>
    private sealed class ScopeKeeper : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider? _scopes;

        public List<string?> Seen { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => _scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _scopes?.ForEachScope((scope, seen) => seen.Add(scope?.ToString()), Seen);

        public void Dispose()
        {
        }
    }
}
