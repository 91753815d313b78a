using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Components;
using Portal.Api;
using Portal.Access;
using Portal.Core;
using Portal.Core.Campaigns;

namespace Portal.Pages.Campaigns;

/// <summary>The next revision of a campaign, as a form or as JSON. What is typed stays with the page until it is saved.</summary>
public sealed partial class DraftPage
{
    private static readonly JsonSerializerOptions Pretty = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private DraftForm? _form;
    private string _json = "";
    private bool _showsJson;
    private int _version;
    private bool _isSaving;
    private Problem? _problem;

    /// <summary>The campaign.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [SupplyParameterFromQuery(Name = "view")]
    private string? Shown { get; set; }

    /// <summary>What the URL says, as soon as what was typed can be taken along.</summary>
    private bool IsJson => _showsJson;

    /// <inheritdoc />
    protected override void OnParametersSet() => Turn();

    /// <inheritdoc />
    protected override async Task<CampaignView?> FetchAsync(CancellationToken ct)
    {
        var view = await CampaignAsync(Id, ct);
        if (_form is null && view is not null) Begin(view);
        return view;
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (_form is not null || View is null) return;
        Begin(View);   // the view was handed over from the page's first drawing
        StateHasChanged();
    }

    private void Begin() => Begin(View!);

    private void Begin(CampaignView view)
    {
        _version = view.Draft?.Version ?? 0;
        var terms = view.Draft?.Terms ?? (view.InForce?.Terms ?? new RevisionDocument()) with { EffectiveFrom = null };
        (_form, _json, _problem) = (DraftForm.Of(terms), JsonSerializer.Serialize(terms, Pretty), null);
    }

    /// <summary>Takes what was typed along from one view to the other.</summary>
    private void Turn()
    {
        if (_form is null) _showsJson = Shown == "json";
        if (_form is null || (Shown == "json") == _showsJson) return;
        if (!(_showsJson ? OfJson() : _form.Read()).TryGet(out var document, out _problem)) return;
        (_form, _json, _showsJson) = (DraftForm.Of(document), JsonSerializer.Serialize(document, Pretty), !_showsJson);
    }

    private Outcome<RevisionDocument> OfJson()
    {
        try
        {
            return JsonSerializer.Deserialize<RevisionDocument>(_json, ApiInput.Json) is not { } document ? new Problem("malformedBody", "The revision must be a JSON object.")
                : document.Read().TryGet(out _, out var problem) ? document : problem;
        }
        catch (JsonException exception)
        {
            return new Problem("malformedBody", $"This is not a revision: {exception.Message}");
        }
    }

    private void Move(RuleForm rule, int by)
    {
        var at = _form!.Rules.IndexOf(rule);
        if (at + by < 0 || at + by >= _form.Rules.Count) return;
        _form.Rules.RemoveAt(at);
        _form.Rules.Insert(at + by, rule);
    }

    private async Task<bool> SaveAsync()
    {
        if (!(IsJson ? OfJson() : _form!.Read()).TryGet(out var document, out _problem)) return false;
        _isSaving = true;
        var saved = await MayAsync(Policies.ManageMoney) ? await Drafts.PutAsync(Environment, Id, _version, document, Current.Actor, Gone) : Denied;
        _isSaving = false;
        if (!saved.TryGet(out var draft, out _problem)) return false;
        _version = draft.Version;
        (_form, _json) = (DraftForm.Of(draft.Terms), JsonSerializer.Serialize(draft.Terms, Pretty));
        Say($"The draft is version {draft.Version} now.");
        await ReloadAsync();
        return true;
    }

    private async Task SaveAndSimulateAsync()
    {
        if (await SaveAsync()) Navigation.NavigateTo(PortalUrls.Simulation(Environment, Id));
    }
}
