using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Products;
using Portal.Tests.Component;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The referral component in a product's page: another origin, a strict Content-Security-Policy, and a style sheet that means everything.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Database", "Sqlite")]   // what browsers do with scripts and dialogs; the requests are tried on both
public sealed class ComponentJourney(BrowserRoom room) : IAsyncLifetime
{
    private readonly PortalHost _host = new PortalHost().WithProduct();
    private readonly Dictionary<string, object> _more = [];
    private ProductPage _product = null!;
    private Uri _portal = null!;
    private string _token = "";

    [Fact]
    public async Task A_user_opens_it_by_keyboard_copies_the_link_sees_rewards_and_says_where_to_be_paid()
    {
        await using var visitor = await VisitAsync("/");
        var page = visitor.Page;
        var launcher = page.GetByRole(AriaRole.Button, new() { Name = "Earn $100: open the referral programme" });
        await Expect(launcher).ToBeVisibleAsync();
        await Expect(launcher.Locator(".dot")).ToHaveCountAsync(1);   // there are rewards that were not looked at
        await LookTests.LookAsync(visitor, "component-launcher");

        await launcher.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Invite friends and earn" });
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog).ToContainTextAsync("Earn 20% of everything a friend pays, up to $100 for each friend. Get $5 for each friend who signs up.");
        await Expect(dialog).ToContainTextAsync("Your friends pay 10% less for 6 months.");
        await Expect(dialog.GetByText("The QR code cannot be shown just now").Or(dialog.GetByAltText("QR code of your link"))).ToBeVisibleAsync();
        var link = await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Your link" }).InputValueAsync();
        Assert.Matches("/r/[A-Za-z0-9]{11}$", link);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("The link is copied.");
        Assert.Equal(link, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        var shares = await dialog.Locator(".channels a").EvaluateAllAsync<string[]>("links => links.map(a => `${new URL(a.href).host || a.protocol} ${a.target} ${a.rel}`)");
        Assert.Equal(["mailto: _blank noopener noreferrer", "wa.me _blank noopener noreferrer", "x.com _blank noopener noreferrer", "www.facebook.com _blank noopener noreferrer", "www.linkedin.com _blank noopener noreferrer"], shares);
        await LookTests.LookAsync(visitor, "component-invite");

        // From tab to tab by arrows; the focus does not leave the dialog, and Escape gives it back.
        await dialog.GetByRole(AriaRole.Tab, new() { Name = "Invite" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(dialog.GetByRole(AriaRole.Tab, new() { Name = "Rewards" })).ToBeFocusedAsync();
        await Expect(dialog.Locator(".rewards li")).ToHaveCountAsync(10);
        await Expect(dialog.Locator(".sums").First).ToContainTextAsync("In review");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        await Expect(dialog.Locator(".rewards li")).ToHaveCountAsync(12);
        Assert.DoesNotContain("new.user", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add payment details" }).ClickAsync();
        await dialog.GetByLabel("Way of payment").SelectOptionAsync("bank");
        await dialog.GetByLabel("IBAN", new() { Exact = true }).FillAsync("DE89 3704 0044 0532 0130 01");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This is no IBAN. Is there a typing error?");
        await LookTests.LookAsync(visitor, "component-payout-wrong");
        await dialog.GetByLabel("IBAN", new() { Exact = true }).FillAsync("DE89 3704 0044 0532 0130 00");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("You are paid by Bank account (IBAN): DE…3000");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Change payment details" })).ToBeFocusedAsync();
        await LookTests.LookAsync(visitor, "component-rewards");
        await dialog.GetByRole(AriaRole.Tab, new() { Name = "How it works" }).ClickAsync();
        await Expect(dialog.Locator(".steps li")).ToHaveCountAsync(3);
        for (var presses = 0; presses < 12; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("document.activeElement === document.querySelector('[data-cello]') && document.activeElement.shadowRoot.activeElement.closest('dialog') !== null"));
        }
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(launcher).ToBeFocusedAsync();
        await Expect(launcher.Locator(".dot")).ToHaveCountAsync(0);

        await page.EvaluateAsync("window.Cello('shutdown')");
        await Expect(page.Locator("[data-cello]")).ToHaveCountAsync(0);
        Assert.Equal("", Complaints(visitor));
        var referrer = (await (await _host.CreateApiClientAsync(PortalEnvironment.Sandbox)).ListAsync("referrers?productUserId=ann"))[0];
        Assert.Equal("Ann", referrer.Text("firstName"));
    }

    [Fact]
    public async Task It_is_fit_to_be_seen_light_and_dark_wide_and_on_a_phone_in_two_languages()
    {
        await using var visitor = await VisitAsync("/");
        var page = visitor.Page;
        foreach (var (width, height) in ((int, int)[])[(1440, 900), (390, 844)])
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                foreach (var (language, tabs) in ((string, string[])[])[("en", ["Invite", "Rewards", "How it works"]), ("de", ["Einladen", "Prämien", "So geht es"])])
                {
                    await page.EvaluateAsync($"window.Cello('changeLanguage', '{language}')");
                    await page.EvaluateAsync("window.Cello('open')");
                    foreach (var tab in tabs)
                    {
                        await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
                        if (tab is "Rewards" or "Prämien") await Expect(page.Locator("[data-cello] .rewards li")).ToHaveCountAsync(10);
                        await LookTests.LookAsync(visitor, $"component-{language}-{tab}-{width}-{scheme}");
                        Assert.Equal("", await page.EvaluateAsync<string>("(d => [...d.querySelectorAll('*:not(.unseen)'), d].filter(e => e.getBoundingClientRect().right > Math.min(d.getBoundingClientRect().right, innerWidth) || e.getBoundingClientRect().left < 0).map(e => e.outerHTML).join())(document.querySelector('[data-cello]').shadowRoot.querySelector('dialog'))"));
                    }
                    await page.EvaluateAsync("window.Cello('close')");
                }
            }
        }
        Assert.Equal("", Complaints(visitor));
    }

    [Fact]
    public async Task A_wrong_token_is_one_clear_line_in_the_console_and_nothing_in_the_page()
    {
        _token = ComponentClient.Sign($$"""{"productId":"{{ComponentClient.ProductId}}","productUserId":42,"iat":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}""");
        await using var visitor = await VisitAsync("/", isRight: false);
        const string Says = "User is not authorized: productUserId must be a string.";

        await Expect(visitor.Page.Locator("body")).ToHaveAttributeAsync("data-failed", Says);
        await Expect(visitor.Page.Locator("[data-cello]")).ToHaveCountAsync(0);
        Assert.Single(visitor.Complaints, c => c.EndsWith($"Cello: {Says}", StringComparison.Ordinal));
        Assert.Equal("notBooted", await visitor.Page.EvaluateAsync<string>("window.Cello('open').catch(error => error.code)"));
    }

    [Fact]
    public async Task The_product_s_own_launchers_open_it_carry_the_dot_and_may_appear_later()
    {
        _more["customLauncherSelector"] = ".refer";
        _more["hideDefaultLauncher"] = true;
        _more["themeMode"] = "dark";
        await using var visitor = await VisitAsync("/plain");
        var page = visitor.Page;
        await page.EvaluateAsync("(menu => { for (const [tag, id] of [['button', 'a'], ['div', 'b'], ['button', 'c']]) { const one = document.createElement(tag); one.className = 'refer'; one.id = id; one.textContent = 'Refer ' + id; if (id === 'c') one.dataset.celloBadge = 'false'; menu.append(one); } })(document.getElementById('menu'))");

        await Expect(page.Locator(".refer [data-cello-dot]")).ToHaveCountAsync(2);
        await Expect(page.Locator("#c [data-cello-dot]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".launcher")).ToBeHiddenAsync();
        await page.EvaluateAsync("document.getElementById('a').textContent = 'Drawn anew'");
        await Expect(page.Locator("#a [data-cello-dot]")).ToHaveCountAsync(1);
        await LookTests.LookAsync(visitor, "component-own-launchers");
        await page.Locator("#b").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCSSAsync("background-color", "rgb(23, 25, 31)");   // dark in a light browser
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-cello-dot]")).ToHaveCountAsync(0);
        await page.Locator("#a").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.EvaluateAsync("window.Cello('shutdown')");
        await page.Locator("#a").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Equal("", Complaints(visitor));
    }

    [Fact]
    public async Task The_commands_answer_and_the_page_is_told_in_time_that_the_token_ends()
    {
        await _host.Services.GetRequiredService<ProductRegister>().ChangeAsync(PortalEnvironment.Sandbox, null, s => s with { TokenHours = 1 }, new Actor("t", null), default);
        _more["language"] = "xx";
        await using var visitor = await VisitAsync("/", hasClock: true);
        var page = visitor.Page;

        await page.Clock.FastForwardAsync("54:00");
        await Expect(page.Locator("body")).Not.ToHaveAttributeAsync("data-expiring", "yes");
        await page.Clock.FastForwardAsync("02:00");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-expiring", "yes");
        await Expect(page.Locator("body")).Not.ToHaveAttributeAsync("data-expired", "yes");
        await page.Clock.FastForwardAsync("05:00");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-expired", "yes");
        await page.EvaluateAsync($"window.Cello('updateToken', '{_host.Token("ann")}')");
        Assert.Equal("ok", await page.EvaluateAsync<string>("window.cello.getActiveUcc().then(({ ucc, link }) => link.endsWith('/r/' + ucc) ? 'ok' : link)"));
        Assert.Equal("""{"primaryCurrency":"USD","revenuePercentage":0.2,"rewardCap":100,"newSignupBonus":5,"newPurchaseBonus":null,"newUserDiscountMonth":6,"newUserDiscountPercentage":0.1}""",
            await page.EvaluateAsync<string>("window.Cello('getCampaignConfig').then(c => JSON.stringify(c))"));
        Assert.Equal("Earn $100", await page.EvaluateAsync<string>("window.Cello('getLabels').then(labels => labels.launcher)"));
        await page.EvaluateAsync("window.Cello('changeLanguage', 'de')");
        Assert.Equal("100\u00a0$ verdienen", await page.EvaluateAsync<string>("window.Cello('getLabels').then(labels => labels.launcher)"));
        await page.EvaluateAsync("window.Cello('changeLanguage', 'zz')");
        Assert.Equal("Earn $100", await page.EvaluateAsync<string>("window.Cello('getLabels').then(labels => labels.launcher)"));
        foreach (var (command, isShown) in ((string, bool)[])[("hide", false), ("show", true), ("hideLauncher", false), ("showLauncher", true)])
        {
            await page.EvaluateAsync($"window.Cello('{command}')");
            await Expect(page.Locator(".launcher")).ToBeVisibleAsync(new() { Visible = isShown });
        }
        Assert.Equal("unknownCommand", await page.EvaluateAsync<string>("window.Cello('constructor').catch(error => error.code)"));
        await page.EvaluateAsync("window.cello.cmd.push(cello => cello.open())");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.EvaluateAsync("window.Cello('close')");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_administrator_changes_how_it_looks_sees_it_beside_and_the_product_s_page_has_it_at_once()
    {
        await using var visitor = await room.VisitAsync(_portal);
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.GoAsync("/sandbox/component");
        var page = visitor.Page;
        await Expect(page.Locator("[data-cello-preview] .launcher")).ToHaveTextAsync("Earn $100");

        await page.GetByLabel("Product's name").FillAsync("Orbit");
        await page.GetByLabel("Such as #3b5bdb").FillAsync("#0b7a3b");
        await page.GetByLabel("Language").SelectOptionAsync("de");
        await Expect(page.Locator("[data-cello-preview] .launcher")).ToHaveTextAsync("100\u00a0$ verdienen");
        await Expect(page.Locator("[data-cello-preview] .launcher")).ToHaveCSSAsync("background-color", "rgb(11, 122, 59)");
        await page.GetByLabel("Origins").FillAsync("not an origin");
        await visitor.ButtonAsync("Save");
        await visitor.SeesAsync("must be at most 20 origins");
        await Expect(page.GetByLabel("Origins")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Origins").FillAsync(_product.Address.GetLeftPart(UriPartial.Authority));
        await page.GetByLabel("Auto attribution").CheckAsync();
        await visitor.ButtonAsync("Save");
        await visitor.SeesAsync("Saved. Pages show it within seconds.");
        Assert.Empty(visitor.Complaints);

        await using var user = await VisitAsync("/");
        await Expect(user.Page.Locator(".launcher")).ToHaveTextAsync("100\u00a0$ verdienen");
        await Expect(user.Page.Locator(".launcher")).ToHaveCSSAsync("background-color", "rgb(11, 122, 59)");
        var settings = await _host.Services.GetRequiredService<ProductRegister>().GetAsync(PortalEnvironment.Sandbox, default);
        Assert.True(settings.Settings.AutoAttribution);
    }

    public async Task InitializeAsync()
    {
        _portal = _host.Listen();
        _product = await ProductPage.ServeAsync(_portal, _ => new Dictionary<string, object>(_more)
        {
            ["productId"] = ComponentClient.ProductId, ["token"] = _token, ["productUserDetails"] = new { email = "ann@example.com", firstName = "Ann", lastName = "Lind" },
        });
        _token = _host.Token("ann");
        var api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("campaigns/default/revisions", new
        {
            effectiveFrom = "2020-01-01T00:00:00Z", currency = "USD", @base = "netOfTax", capPerReferral = new { amount = 10_000, currency = "USD" },
            rules = new object[] { new { kind = "purchase", percent = "20" }, new { kind = "signup", flat = new { amount = 500, currency = "USD" } } }, newUserReward = new { percentage = 10, intervalCount = 6 },
        });
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = "codeOfAnn01" });
        var now = _host.Clock.GetUtcNow();
        await api.TellAsync([StripeSamples.Customer(ucc: "codeOfAnn01"), .. Enumerable.Range(1, 11).Select(i => StripeSamples.InvoicePaid(invoice: $"in_{i}", amountPaid: 1_000 * i, total: 1_000 * i, totalExcludingTax: 1_000 * i, paidAt: now.AddDays(-10 * i), at: now))]);
    }

    public async Task DisposeAsync()
    {
        await _product.DisposeAsync();
        await _host.DisposeAsync();
    }

    /// <summary>Without what the browser itself says of an answer: of the QR code, which is another room's, and of the refused account.</summary>
    private static string Complaints(Visitor visitor) => string.Join('\n', visitor.Complaints.Where(c => !c.Contains("status of 404", StringComparison.Ordinal) && !c.Contains("status of 400", StringComparison.Ordinal)));

    private async Task<Visitor> VisitAsync(string path, bool isRight = true, bool hasClock = false)
    {
        var visitor = await room.VisitAsync(_product.Address);
        if (hasClock) await visitor.Page.Clock.InstallAsync();
        await visitor.Page.GotoAsync(path);
        if (isRight) await Expect(visitor.Page.Locator("body")).ToHaveAttributeAsync("data-booted", "yes");
        return visitor;
    }
}
