using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.Benchmarks.Databases;

/// <summary>A PostgreSQL to measure on: one that is there, or one of our own in a temporary folder, durable as it comes, on the serving core.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string? _home;
    private readonly string? _programs;

    private PostgresServer(string connectionString, string? home, string? programs) => (ConnectionString, _home, _programs) = (connectionString, home, programs);

    /// <summary>How to reach it as its owner.</summary>
    public string ConnectionString { get; }

    /// <summary>The named one, or one that is started now.</summary>
    public static async Task<PostgresServer> OfAsync(string? connectionString)
    {
        if (connectionString is not null) return new PostgresServer(connectionString, null, null);
        var programs = Programs();
        var home = Directory.CreateTempSubdirectory("portal-bench-postgres-").FullName;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", home);
        await RunAsync([.. AsUser(), $"{programs}/initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D", $"{home}/data"]);
        var port = FreePort();
        // Flushing is left on: what is acknowledged is on the disk. Buffers and log as an operator with two cores and some memory would have them.
        await RunAsync([.. AsUser(), $"{programs}/pg_ctl", "-s", "-D", $"{home}/data", "-l", $"{home}/log", "-w", "-o",
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c max_connections=300 -c shared_buffers=512MB -c max_wal_size=4GB -c max_locks_per_transaction=256", "start"]);
        return new PostgresServer($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres", home, programs);
    }

    public async ValueTask DisposeAsync()
    {
        if (_home is null) return;
        await RunAsync([.. AsUser(), $"{_programs}/pg_ctl", "-s", "-D", $"{_home}/data", "-m", "immediate", "stop"]);
        Directory.Delete(_home, recursive: true);
    }

    private static string Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(b => File.Exists(Path.Combine(b, "initdb"))).Order(StringComparer.Ordinal).Last()
        : throw new InvalidOperationException("There is no PostgreSQL to start; name one with --postgres.");

    /// <summary>It refuses to run as root, so root lends it another user.</summary>
    private static string[] AsUser() => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(params string[] command)
    {
        var start = Machine.On(Machine.ServingCore, command[0], command[1..]);
        start.RedirectStandardOutput = command.Any(c => c.EndsWith("/initdb", StringComparison.Ordinal));   // it says much; a started server would keep a pipe open
        using var process = Process.Start(start)!;
        if (start.RedirectStandardOutput) await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }
}
