using Portal.Core.Facts;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Rewards;

[Trait("Database", "Without")]
public sealed class AttributionFoldTests
{
    [Fact]
    public void The_first_valid_code_wins_and_a_later_one_is_a_question_for_a_person()
    {
        var folded = new Story().Customer().Paid().Customer(Story.Bo, at: Story.Signup.AddDays(1)).Customer(Story.Bo, at: Story.Signup.AddDays(2)).Fold();

        Assert.Equal("ann", folded.Attribution.Code!.ProductUserId);
        var unclear = Assert.Single(folded.Cases);
        Assert.Equal((ReviewKinds.CodeChanged, $"user:user-1/{Story.Bo}"), (unclear.Kind, unclear.Subject));
        Assert.Equal(
            [("$.data.object.metadata.cello_ucc", Story.Ann), ("$.data.object.metadata.cello_ucc", Story.Bo)],
            unclear.Evidence.Select(e => (e.Path!, e.Value)));
    }

    [Fact]
    public void The_order_is_that_of_what_happened_whichever_code_was_told_first() =>
        Assert.Equal("ann", new Story().Customer(Story.Bo, at: Story.Signup.AddDays(1)).Customer(at: Story.Signup).Fold().Attribution.Code!.ProductUserId);

    [Fact]
    public void The_same_code_again_is_no_question() => Assert.Empty(new Story().Customer().Customer(at: Story.Signup.AddDays(1)).Fold().Cases);

    [Fact]
    public void An_unknown_code_gives_way_to_a_valid_one()
    {
        var folded = new Story().Customer("nobodysCode").Paid(at: Story.Signup.AddDays(1)).Customer(at: Story.Signup.AddDays(2)).Fold();

        Assert.Equal((Story.Ann, Story.Signup.AddDays(2)), (folded.Attribution.Code!.Code, folded.Attribution.KnownAt));
        Assert.Empty(folded.Cases);
        Assert.Single(folded.Rewards);
    }

    [Fact]
    public void A_code_of_nobody_earns_nobody_anything()
    {
        var story = new Story().Customer("nobodysCode").Paid();

        Assert.Null(story.Fold().Attribution.Code);
        Assert.Equal(ReasonCodes.UnknownCode, story.Reason());
    }

    [Fact]
    public void Nobody_refers_themselves_and_another_code_may_still_win()
    {
        var story = new Story().Customer(Story.Newcomer).Paid();
        Assert.Equal(ReasonCodes.SelfReferral, story.Reason());

        story.Customer(Story.Bo, at: Story.Signup.AddDays(1));
        Assert.Equal("bo", story.Fold().Attribution.Code!.ProductUserId);
    }

    [Fact]
    public void Somebody_without_a_code_came_without_a_referrer() => Assert.Equal(ReasonCodes.NoCode, new Story().Customer(code: null).Paid().Reason());

    [Fact]
    public void A_customer_without_an_identity_has_nobody_to_be_attributed_to()
    {
        var payment = Assert.Single(new Story().Customer(user: null).Paid().Fold(person: null).Payments);

        Assert.Equal(ReasonCodes.NoIdentity, payment.Reason);
        Assert.Contains("new_user_id", payment.Explanation.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_taken_out_of_the_metadata_stays()
    {
        var folded = new Story().Customer().Customer(code: null, at: Story.Signup.AddDays(1)).Customer(code: null, user: null, at: Story.Signup.AddDays(2))
            .Paid(at: Story.Signup.AddDays(3)).Fold();

        Assert.Equal("ann", folded.Attribution.Code!.ProductUserId);
        Assert.Single(folded.Rewards);
        Assert.Empty(folded.Cases);
    }

    [Fact]
    public void Another_identity_on_the_same_customer_is_a_question_and_the_first_stays()
    {
        var story = new Story().Customer().Paid().Customer(Story.Bo, user: "user-2", at: Story.Signup.AddDays(1));

        var unclear = Assert.Single(story.Fold().Cases);
        Assert.Equal((ReviewKinds.IdentityChanged, "stripe/cus_1/user-2"), (unclear.Kind, unclear.Subject));
        Assert.Equal(2_000, story.OnlyReward().Earned);
    }

    [Fact]
    public void Two_customers_of_one_person_are_one_referral_with_one_window()
    {
        var story = new Story().Customer().Paid().Customer(code: null, customer: "cus_2", at: Story.Signup.AddDays(1))
            .Paid("in_2", at: Story.Signup.AddMonths(12).AddSeconds(-1), customer: "cus_2").Paid("in_3", at: Story.Signup.AddMonths(12), customer: "cus_2");

        Assert.Equal(["in_1", "in_2"], story.Fold().Rewards.Select(r => r.InvoiceId));
        Assert.Equal(ReasonCodes.OutsideWindow, story.Reason("in_3"));
    }

    [Fact]
    public void The_invoice_itself_may_carry_the_code()
    {
        var claim = new Claim(Story.Ann, "user-1", null, "$.data.object.parent.subscription_details.metadata");
        var reward = Assert.Single(new Story().Paid(claim: claim).Fold().Rewards);

        Assert.Contains(reward.Explanation.Steps.SelectMany(s => s.Evidence), e => e.Path == "$.data.object.parent.subscription_details.metadata.cello_ucc" && e.Value == Story.Ann);
    }

    [Fact]
    public void The_attribution_is_known_once_code_and_identity_are()
    {
        var folded = new Story().Customer(user: null).Customer(code: null, at: Story.Signup.AddDays(9)).Fold();

        Assert.Equal((Story.Ann, Story.Signup.AddDays(9)), (folded.Attribution.Code!.Code, folded.Attribution.KnownAt));
    }
}
