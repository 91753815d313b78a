using System.Diagnostics;

namespace Portal.Benchmarks.Ingest;

/// <summary>The npm package that many would take instead, installed into a temporary folder for the run.</summary>
internal static class SyncEngine
{
    public const string Package = "@supabase/stripe-sync-engine@0.48.5";

    /// <summary>Installs it.</summary>
    /// <returns>Where; null where npm cannot, which it then says.</returns>
    public static async Task<string?> InstallAsync()
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench-npm-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{ "private": true, "type": "module" }""");
            using (var source = typeof(SyncEngine).Assembly.GetManifestResourceStream("sync-engine.mjs")!)
            await using (var target = File.Create(Path.Combine(folder, "server.mjs"))) await source.CopyToAsync(target);
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent", Package]) { WorkingDirectory = folder })!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            await npm.WaitForExitAsync(limit.Token);
            if (npm.ExitCode == 0) return folder;
            Console.WriteLine($"{Package} is left out: npm could not install it.");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            Console.WriteLine($"{Package} is left out: {e.Message}");
        }
        Directory.Delete(folder, recursive: true);
        return null;
    }
}
