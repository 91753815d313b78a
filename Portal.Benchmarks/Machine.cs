using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Portal.Benchmarks;

/// <summary>The machine that is measured on: what it is, how busy others keep it, and processes that have one core of it.</summary>
internal static class Machine
{
    /// <summary>Where databases and the processes that serve run.</summary>
    public const int ServingCore = 0;

    /// <summary>Where the load comes from, and what runs beside a database.</summary>
    public static int OtherCore => Environment.ProcessorCount > 1 ? 1 : 0;

    /// <summary>One line for above and below the tables.</summary>
    public static string Words()
    {
        var load = File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
        return string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {load}, .NET {Environment.Version}");
    }

    /// <summary>CPU time that this process took so far.</summary>
    public static TimeSpan OwnCpu()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }

    /// <summary>CPU time that another process took so far.</summary>
    public static TimeSpan CpuOf(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>A program on one core, by taskset, Linux's way; on all of them where none is named.</summary>
    public static ProcessStartInfo On(int? core, string program, params IEnumerable<string> arguments)
    {
        var pinned = core is not null && OperatingSystem.IsLinux() && File.Exists("/usr/bin/taskset");
        return new ProcessStartInfo(pinned ? "/usr/bin/taskset" : program, pinned ? ["-c", core!.Value.ToString(CultureInfo.InvariantCulture), program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
        };
    }

    /// <summary>This program again, playing one part.</summary>
    public static ProcessStartInfo Part(int? core, params IEnumerable<string> arguments) => On(core, Environment.ProcessPath!, OwnDll().Concat(arguments));

    /// <summary>Plays a part to its end.</summary>
    /// <returns>Its last line, which is its result.</returns>
    public static async Task<T> PlayAsync<T>(int? core, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(Part(core, arguments))!;
        var said = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || said.Length == 0) throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
        return JsonSerializer.Deserialize<T>(said[^1])!;
    }

    /// <summary>What a part ends with.</summary>
    public static int Result<T>(T result)
    {
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }

    private static IEnumerable<string> OwnDll() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Machine).Assembly.Location] : [];
}
