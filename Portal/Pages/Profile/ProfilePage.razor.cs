using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.Access;
using Portal.Core.Access;
using Portal.Pages.Account;

namespace Portal.Pages.Profile;

/// <summary>One's own account: a second factor, and a new password. Plain forms: what is shown once is in one answer and nowhere else.</summary>
public sealed partial class ProfilePage
{
    private PortalUser? _user;
    private SecondFactorStanding? _standing;
    private string _secret = "";
    private string? _problem;
    private IReadOnlyList<string>? _recovery;

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    private SecondFactors Factors { get; set; } = null!;

    [Inject]
    private SignInDesk Desk { get; set; } = null!;

    [Inject]
    private UserManager<PortalUser> Users { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery]
    private bool Needed { get; set; }

    private CancellationToken Gone => Http.RequestAborted;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Http.Response.Headers.CacheControl = "no-store";
        _user = PortalClaims.IdOf(Http.User) is { } id ? await Users.FindByIdAsync($"{id}") : null;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        if (_user is null) return;
        _standing = await Factors.FindAsync(_user.Id, Gone);
        if (_standing.Since is null) _secret = await Factors.BeginAsync(_user.Id, Gone);
    }

    private async Task SetUpAsync()
    {
        var session = Http.User.FindFirst(PortalClaims.Session)?.Value;
        if (_user is null || session is null) return;
        if (!(await Factors.SetUpAsync(_user.Id, Field("code"), Current.Actor, Gone)).TryGet(out _recovery, out var problem)) _problem = AccountErrors.Explain(problem.Code);
        else await Http.RequestServices.GetRequiredService<PersonSessions>().ConfirmAsync(session, Gone);
        await ReadAsync();
    }

    private async Task RemoveAsync()
    {
        if (_user is null) return;
        if (await Factors.CheckAsync(_user.Id, Field("code"), Current.Actor, Gone) is { } problem) _problem = AccountErrors.Explain(problem.Code);
        else await Factors.RemoveAsync(_user.Id, Current.Actor, Gone);
        await ReadAsync();
    }

    private async Task ChangePasswordAsync()
    {
        if (_user is null) return;
        if (!(await Desk.CheckAsync(_user.Email, Field("present"), Current.Actor, Gone)).TryGet(out _, out var problem))
        {
            _problem = problem.Code == SignInDesk.Locked ? AccountErrors.Explain(problem.Code) : "That is not the present password.";
            return;
        }
        var changed = await Users.ChangePasswordAsync(_user, Field("present")!, Field("password") ?? "");
        if (changed.Succeeded) Navigation.NavigateTo(AccountPaths.SignIn);
        else _problem = AccountErrors.Explain(changed.Errors.First().Code);
    }

    private string? Field(string name) => Http.Request.Form[name];
}
