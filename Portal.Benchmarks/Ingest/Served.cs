using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.Benchmarks.Databases;

namespace Portal.Benchmarks.Ingest;

/// <summary>A server under load, in a process of its own on the serving core.</summary>
internal sealed class Served : IDisposable
{
    public const string Secret = "whsec_of_the_benchmark_0123456789";

    private readonly Process _process;
    private readonly string _path;

    private Served(Process process, int port, string path) => (_process, Port, _path) = (process, port, path);

    public int Port { get; }

    /// <summary>The portal, as it ships or with its storage exchanged.</summary>
    public static async Task<Served> PortalAsync(string mode, BenchDatabase database)
    {
        var port = FreePort();
        var start = Machine.Part(Machine.ServingCore, "serve", "--mode", mode, "--folder", database.Folder, "--postgres", database.ConnectionString ?? "",
            "--port", port.ToString(CultureInfo.InvariantCulture), "--secret", Secret);
        start.RedirectStandardInput = true;
        return await StartAsync(start, port, "/webhooks/sandbox/stripe");
    }

    /// <summary>The npm package, in the folder where it is installed.</summary>
    public static async Task<Served> SyncEngineAsync(string folder, BenchDatabase database)
    {
        var (port, server) = (FreePort(), new NpgsqlConnectionStringBuilder(database.ConnectionString));
        var start = Machine.On(Machine.ServingCore, "node", Path.Combine(folder, "server.mjs"), port.ToString(CultureInfo.InvariantCulture),
            $"postgresql://{server.Username}:{server.Password ?? "none"}@{server.Host}:{server.Port}/{server.Database}", Secret);
        return await StartAsync(start, port, "/");
    }

    /// <summary>Loads it from the other core.</summary>
    public Task<LoadResult> LoadAsync(int connections, int count, int rate = 0) => Machine.PlayAsync<LoadResult>(Machine.OtherCore, "load",
        "--port", Port.ToString(CultureInfo.InvariantCulture), "--path", _path, "--secret", Secret, "--pid", _process.Id.ToString(CultureInfo.InvariantCulture),
        "--connections", connections.ToString(CultureInfo.InvariantCulture), "--count", count.ToString(CultureInfo.InvariantCulture),
        "--warm", Math.Min(count / 2, 4_000).ToString(CultureInfo.InvariantCulture), "--rate", rate.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        if (_process.StartInfo.RedirectStandardInput) _process.StandardInput.Close();
        else _process.Kill();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30))) _process.Kill();
        _process.Dispose();
    }

    private static async Task<Served> StartAsync(ProcessStartInfo start, int port, string path)
    {
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") return new Served(process, port, path);
        }
        throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
