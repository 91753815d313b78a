using Microsoft.Extensions.Options;

namespace Portal.Demo;

/// <summary>The room's front door: <c>--demo</c> on the command line.</summary>
public static class DemoRegistration
{
    private const string Switch = "--demo";
    private const string DataDirectoryKey = "Portal:DataDirectory";
    private const string AdminEmailKey = "Bootstrap:Admin:Email";

    /// <summary>The command line with the bare switch spelled as configuration, so that it does not swallow the argument after it.</summary>
    public static string[] SpellOut(string[] args) => [.. args.Select(a => a == Switch ? $"{Switch}:{nameof(DemoOptions.Enabled)}=true" : a)];

    /// <summary>Without the switch nothing at all; with it a data directory, an administrator and a history of its own.</summary>
    public static void AddDemo(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(DemoOptions.Section).Get<DemoOptions>() ?? new();
        if (!options.Enabled) return;
        if (options.Customers is < 1 or > 5_000) throw Wrong("Demo:Customers: 1 to 5000 customers.");

        builder.Configuration[DataDirectoryKey] ??= "data-demo";
        var directory = builder.Configuration[DataDirectoryKey]!;
        var mark = new DemoMark(Path.GetFullPath(directory));
        if (!mark.TryClaim(new DemoNote(options.Seed, options.Customers, null, false)))
            throw Wrong($"{DataDirectoryKey}: '{directory}' holds a portal that is not a demo's. Give the demo another directory.");

        var account = DemoAccount.WithFreshPassword();
        if (builder.Configuration[AdminEmailKey] is null)
            (builder.Configuration[AdminEmailKey], builder.Configuration["Bootstrap:Admin:Password"]) = (DemoAccount.Email, account.Password);

        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton(account);
        builder.Services.AddSingleton(new DemoConsole(Console.Out));
        builder.Services.AddSingleton(mark);
        builder.Services.AddSingleton<DemoProgram>();
        builder.Services.AddSingleton<DemoSender>();
        builder.Services.AddHostedService<DemoRun>();
    }

    private static OptionsValidationException Wrong(string says) => new(DemoOptions.Section, typeof(DemoOptions), [says]);
}
