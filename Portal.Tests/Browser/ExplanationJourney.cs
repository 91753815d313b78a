using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ExplanationJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_reward_tells_its_way_from_the_event_to_the_amount()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/rewards?q=in_known");
        await visitor.LinkAsync("in_known");

        await visitor.HeadingAsync("20.00 USD");
        await visitor.HeadingAsync("Mara Lindqvist");
        var story = visitor.Page.Locator(".story");
        foreach (var says in new[] { "known-user", KnownStory.Mara, "100.00", "20" }) await Expect(story).ToContainTextAsync(says);
        await Expect(visitor.Page.Locator(".entries")).ToContainTextAsync("Reward expense");
        await Expect(visitor.Page.Locator(".entries tfoot")).ToContainTextAsync("Balanced");
        await story.GetByRole(AriaRole.Link, new() { Name = "evt_known_paid" }).First.ClickAsync();
        await visitor.HeadingAsync("invoice.paid");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_payment_without_a_reward_says_the_one_reason()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/payments?q=in_alone");
        await Expect(visitor.Rows).ToContainTextAsync("Came without a referrer");
        await visitor.LinkAsync("in_alone");

        await visitor.HeadingAsync("120.00 USD");
        await visitor.SeesAsync("Why it earned nothing");
        await visitor.SeesAsync("noCode");
    }

    [Fact]
    public async Task A_reward_that_was_corrected_to_nothing_says_so_and_who_earns_it_now()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync($"/sandbox/rewards?q=in_moved&referrer={KnownStory.Jonas}");
        await visitor.LinkAsync("in_moved");

        await visitor.HeadingAsync("0.00 USD");
        await visitor.SeesAsync("This reward was corrected to nothing: its payment is credited by another referral code");
        await visitor.SeesAsync("Why it was earned once");
        await visitor.LinkAsync("What the payment earns now, and why");
        await visitor.SeesAsync("Mara Lindqvist");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_event_has_its_checks_beside_the_fields_and_can_be_sent_again()
    {
        await using var visitor = await room.VisitAsync();
        await OpenAsync(visitor, "evt_bad_customer");

        var field = visitor.Page.Locator(".json-leaf", new() { HasText = "new_user_id" });
        await Expect(field.Locator(".check-error")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".json-leaf", new() { HasText = "cello_ucc" }).Locator(".check-ok")).ToBeVisibleAsync();
        await visitor.ButtonAsync("Resend");
        await visitor.SeesAsync("Sent through the pipeline once more");
        await Expect(visitor.Page.GetByText("Resend,")).ToBeVisibleAsync();   // the second attempt's cause
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_event_of_the_wrong_mode_has_the_error_beside_its_flag()
    {
        await using var visitor = await room.VisitAsync();
        await OpenAsync(visitor, "evt_wrong_mode");

        await Expect(visitor.Page.Locator(".json-leaf", new() { HasText = "livemode" }).Locator(".check-error")).ToContainTextAsync("Wrong mode");
        await visitor.SeesAsync("the sandbox endpoint takes false only");
    }

    [Theory]
    [InlineData("evt_bad_customer", KnownStory.Markup)]
    [InlineData("evt_markup", "<script>window.hacked=1</script>")]
    public async Task Markup_in_a_payload_is_shown_and_does_nothing(string providerEventId, string markup)
    {
        await using var visitor = await room.VisitAsync();
        await OpenAsync(visitor, providerEventId);
        await visitor.ButtonAsync("Open all");

        await visitor.SeesAsync(markup);
        await visitor.GoAsync("/sandbox/events");
        Assert.False(await visitor.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.Equal(0, await visitor.Page.Locator("main img, main script, main b").CountAsync());
        Assert.Empty(visitor.Complaints);
    }

    private async Task OpenAsync(Visitor visitor, string providerEventId) =>
        await visitor.GoAsync($"/sandbox/events/{(await room.Api.ReadAsync($"events/{providerEventId}")).Text("id")}");
}
