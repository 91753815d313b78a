using System.Collections.Concurrent;
using Microsoft.Playwright;
using Portal.Access;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A person at a browser: goes somewhere, reads headings, presses buttons, and notices what the browser complains of.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = [];

    private Visitor(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _complaints.Enqueue($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    public static async Task<Visitor> OpenAsync(IBrowserContext context) => new(await context.NewPageAsync());

    /// <summary>Opens a page and waits until it lives.</summary>
    public async Task<Visitor> GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
        return this;
    }

    /// <summary>Waits until the page's circuit is there.</summary>
    public Task LiveAsync() => Expect(Page.Locator(".shell[data-live]")).ToBeVisibleAsync();

    public async Task SignInAsync(string email, string password)
    {
        if (!Page.Url.Contains(AccountPaths.SignIn, StringComparison.Ordinal)) await Page.GotoAsync(AccountPaths.SignIn);
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await ButtonAsync("Sign in");
    }

    public Task ButtonAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    public Task LinkAsync(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();

    /// <summary>The page's title as it stands on it.</summary>
    public Task HeadingAsync(string text) => Expect(Page.Locator("h1")).ToContainTextAsync(text);

    /// <summary>Some text, wherever it stands.</summary>
    public Task SeesAsync(string text) => Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>The rows of the list that is shown.</summary>
    public ILocator Rows => Page.Locator("table.rows tbody tr");

    public Task UrlAsync(string end) => Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(end) + "$"));

    /// <summary>What the browser complained of so far.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Leaves; a page that the browser complained of fails the journey.</summary>
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
