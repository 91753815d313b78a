using System.Security.Claims;
using Portal.Access;
using Portal.Core;
using Radzen;

namespace Portal.Shared;

/// <summary>Asks a person for a fresh code of the second factor where one is needed.</summary>
public sealed class CodeQuestion(FreshCode fresh, DialogService dialogs)
{
    /// <summary>Whether the person may go on: no code is needed, or a right one was given just now.</summary>
    public async Task<bool> PassAsync(ClaimsPrincipal person, CancellationToken ct) =>
        !await fresh.IsNeededAsync(person, ct)
        || await dialogs.OpenAsync<CodeDialog>("Confirm that it is you", new Dictionary<string, object?>
        {
            [nameof(CodeDialog.Check)] = (Func<string?, Task<Problem?>>)(code => fresh.GiveAsync(person, code, ct)),
        }) is true;
}
