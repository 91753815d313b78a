using System.Diagnostics;

namespace Portal.Tests;

/// <summary>What the tests take from npm: pinned in <c>Portal.Tests/Scripts/package.json</c>, put there by npm where it is missing. Needs Node.</summary>
internal static class NodeTools
{
    private static readonly string Folder = Path.Combine(Repository.Tests, "Scripts");
    private static readonly Lazy<string> Modules = new(Install);

    /// <summary>A file of one of the packages.</summary>
    public static string Module(string path) => Path.Combine(Modules.Value, path);

    /// <summary>Runs a package's program in the folder of the scripts' tests.</summary>
    public static (int Status, string Said) Run(string program, params string[] arguments) => Start("node", [Module(program), .. arguments]);

    private static string Install()
    {
        var modules = Path.Combine(Folder, "node_modules");
        if (File.Exists(Path.Combine(modules, ".package-lock.json"))) return modules;
        var (status, said) = Start("npm", ["ci", "--no-audit", "--no-fund"]);
        return status == 0 ? modules : throw new InvalidOperationException($"npm could not install what Portal.Tests/Scripts/package.json names: {said}");
    }

    private static (int Status, string Said) Start(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
