namespace Portal.Demo;

/// <summary>What the demo tells whoever started it: how to get in, how far it is, and when it is ready.</summary>
/// <param name="output">The console.</param>
internal sealed class DemoConsole(TextWriter output)
{
    /// <summary>The first thing to see.</summary>
    public void Welcome(string url) => output.WriteLine($"""

          Referral portal, demo
          {url}
          e-mail    {DemoAccount.Email}
        """);

    /// <summary>This start's password.</summary>
    public void Password(string password) => output.WriteLine($"  password  {password}\n");

    /// <summary>How much of the history has arrived.</summary>
    public void Progress(int sent, int all) => output.WriteLine($"history {sent}/{all}");

    /// <summary>Anything else.</summary>
    public void Say(string line) => output.WriteLine(line);
}
