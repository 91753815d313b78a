using Microsoft.Playwright;
using Portal.Core.Access;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class RoleJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_viewer_looks_and_can_do_nothing()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Viewer);
        await visitor.GoAsync("/sandbox/webhooks");
        await visitor.SeesAsync("Only administrators add, roll and revoke secrets.");
        foreach (var name in new[] { "Add secret", "Roll" }) await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = name })).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke" })).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Jobs" })).ToHaveCountAsync(0);

        await visitor.GoAsync(await PathAsync());
        await visitor.SeesAsync("Operators may resend events.");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Resend" })).ToHaveCountAsync(0);
        var resent = await visitor.Page.Context.APIRequest.PostAsync($"/api/sandbox/v1{(await PathAsync())["/sandbox".Length..]}/resend");
        Assert.Equal(401, resent.Status);   // the session opens no door of the API
        await visitor.Page.GotoAsync("/jobs");
        await visitor.HeadingAsync("You may not open this page");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_operator_sends_again_and_sees_no_jobs()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Operator);
        await visitor.GoAsync(await PathAsync());
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Resend" })).ToBeEnabledAsync();
        await visitor.ButtonAsync("Resend");
        await visitor.SeesAsync("Sent through the pipeline once more");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Jobs" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_administrator_runs_a_job_now()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/overview");
        await visitor.LinkAsync("Jobs");
        await visitor.HeadingAsync("Jobs");

        await visitor.ButtonAsync("Run now: Process the inbox");

        await Expect(visitor.Page.Locator(".alert-good")).ToContainTextAsync("Process the inbox");
        await visitor.LinkAsync("All runs");
        await visitor.SeesAsync("Last runs");
        await Expect(visitor.Page.Locator(".runs tbody tr").First).ToBeVisibleAsync(new() { Timeout = 20_000 });   // the first run of a fresh portal takes a while to end
        Assert.Empty(visitor.Complaints);
    }

    private async Task<string> PathAsync() => $"/sandbox/events/{(await room.Api.ReadAsync("events/evt_known_paid")).Text("id")}";
}
