using System.Globalization;
using Portal.Core;
using Portal.Core.Products;

namespace Portal.Pages.Component;

/// <summary>What a person is typing of the component's settings; texts, until they are saved.</summary>
internal sealed class ComponentForm
{
    public string Name { get; set; } = "";

    public bool Launcher { get; set; }

    public string Position { get; set; } = "";

    public string Color { get; set; } = "";

    public string DarkColor { get; set; } = "";

    public string LauncherSelector { get; set; } = "";

    public string Language { get; set; } = "";

    public string Origins { get; set; } = "";

    public string TokenHours { get; set; } = "";

    public string PayoutCountries { get; set; } = "";

    public bool AutoAttribution { get; set; }

    public static ComponentForm Of(ProductSettings settings) => new()
    {
        Name = settings.Name,
        Launcher = settings.Component.Launcher,
        Position = settings.Component.Position,
        Color = settings.Component.Color,
        DarkColor = settings.Component.DarkColor,
        LauncherSelector = settings.Component.LauncherSelector ?? "",
        Language = settings.Component.Language,
        Origins = string.Join('\n', settings.Origins),
        TokenHours = settings.TokenHours?.ToString(CultureInfo.InvariantCulture) ?? "",
        PayoutCountries = string.Join(' ', settings.PayoutCountries),
        AutoAttribution = settings.AutoAttribution,
    };

    /// <summary>The settings with what was typed; of the rest, what stands.</summary>
    public Outcome<ProductSettings> Onto(ProductSettings settings)
    {
        int? hours = null;
        if (TokenHours.Trim() is { Length: > 0 } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new Problem("settingInvalid", "tokenHours must be a whole number of hours, or empty.", "tokenHours");
            hours = number;
        }
        return settings with
        {
            Name = Name.Trim(),
            Origins = Words(Origins, c => c.TrimEnd('/')),
            TokenHours = hours,
            PayoutCountries = Words(PayoutCountries, c => c.ToUpperInvariant()),
            AutoAttribution = AutoAttribution,
            Component = settings.Component with
            {
                Launcher = Launcher, Position = Position, Color = Color.Trim(), DarkColor = DarkColor.Trim(), Language = Language,
                LauncherSelector = LauncherSelector.Trim() is { Length: > 0 } selector ? selector : null,
            },
        };
    }

    private static List<string> Words(string text, Func<string, string> spelt) =>
        [.. text.Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(spelt).Distinct()];
}
