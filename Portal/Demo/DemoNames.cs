namespace Portal.Demo;

/// <summary>Names of people who do not exist, at the domain that belongs to nobody.</summary>
internal static class DemoNames
{
    private static readonly string[] First =
    [
        "Aisha", "Anton", "Beatriz", "Caleb", "Chiara", "Dmitri", "Emeka", "Freya", "Gustav", "Hiro", "Ingrid", "Jamal", "Karin", "Leila",
        "Marco", "Nadia", "Oskar", "Paula", "Quentin", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wanjiru", "Yusuf", "Zofia", "Amelie",
    ];

    private static readonly string[] Last =
    [
        "Abebe", "Bauer", "Castillo", "Dahl", "Eriksson", "Fischer", "Greco", "Haddad", "Ito", "Jansen", "Kowalski", "Larsen", "Mbeki",
        "Novak", "Ortega", "Petrov", "Quinn", "Rossi", "Schmidt", "Takeda", "Ueda", "Vogel", "Weber", "Yilmaz", "Zhang", "Brandt", "Costa",
    ];

    /// <summary>A name, and the address that goes with it; the number keeps two of one name apart.</summary>
    public static (string Name, string Email) Person(DemoRandom random, int number)
    {
        var (first, last) = (random.Pick(First), random.Pick(Last));
        return ($"{first} {last}", Email(first, $"{last}{number}"));
    }

    /// <summary>An address made of a name.</summary>
    public static string Email(string first, string last) => $"{Plain(first)}.{Plain(last)}@example.com";

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
