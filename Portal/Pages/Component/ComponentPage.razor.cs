using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Campaigns;
using Portal.Core.Component;
using Portal.Core.Products;

namespace Portal.Pages.Component;

/// <summary>How the referral component looks, where it may be shown, and a preview of it.</summary>
public sealed partial class ComponentPage
{
    private ComponentForm? _form;
    private PortalEnvironment _formOf;
    private int _version;
    private Problem? _problem;
    private bool _mayChange;
    private bool _isSaving;
    private bool _isSaved;

    [Inject]
    private ProductRegister Products { get; set; } = null!;

    [Inject]
    private ComponentDesk Desk { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    /// <summary>What is being typed; begun with what stands.</summary>
    private ComponentForm Form => _form is not null && _formOf == View!.Product.Environment ? _form : Begin();

    /// <summary>As typed; where that is nothing yet, as saved.</summary>
    private ComponentLook Look => Form.Onto(View!.Product.Settings).TryGet(out var typed, out _) ? typed.Component : View.Product.Settings.Component;

    /// <inheritdoc />
    protected override async Task<ComponentView?> FetchAsync(CancellationToken ct)
    {
        _mayChange = await MayAsync(Policies.Administer);
        return new ComponentView(await Products.GetAsync(Environment, ct), await Desk.OfferAsync(Environment, Campaign.Default, ct));
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        _mayChange = await MayAsync(Policies.Administer);
    }

    /// <summary>Takes what stands into the form, in place of what was typed.</summary>
    private ComponentForm Begin()
    {
        (_form, _formOf, _version, _problem, _isSaved) = (ComponentForm.Of(View!.Product.Settings), View.Product.Environment, View.Product.Version, null, false);
        return _form;
    }

    private string Is(string field) => _problem?.Field == field ? "true" : "false";

    private async Task SaveAsync()
    {
        if (!await MayAsync(Policies.Administer)) return;
        (_isSaving, _isSaved, _problem) = (true, false, null);
        if (Form.Onto(View!.Product.Settings).TryGet(out _, out _problem)
            && (await Products.ChangeAsync(Environment, _version, stands => Form.Onto(stands).TryGet(out var typed, out _) ? typed : stands, Current.Actor, Gone)).TryGet(out var saved, out _problem))
        {
            await ReloadAsync();
            (_form, _version, _isSaved) = (ComponentForm.Of(saved.Settings), saved.Version, true);
        }
        _isSaving = false;
    }
}
