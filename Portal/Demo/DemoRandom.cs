namespace Portal.Demo;

/// <summary>Chance that can be repeated: SplitMix64, the same on every machine and in every version of the runtime.</summary>
internal sealed class DemoRandom(long seed, long stream)
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";

    private ulong _state = unchecked((ulong)((seed * 0x5851F42D4C957F2D) ^ (stream * 0x14057B7EF767814F)));

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + (int)(Next() % (ulong)(most - least + 1));

    /// <summary>True so many times in a hundred.</summary>
    public bool Chance(int percent) => Between(1, 100) <= percent;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Between(0, choices.Count - 1)];

    /// <summary>An id such as a provider gives.</summary>
    public string Id(string prefix, int length = 24) => prefix + string.Create(length, this, static (span, random) =>
    {
        foreach (ref var letter in span) letter = Letters[random.Between(0, Letters.Length - 1)];
    });

    /// <summary>So many days, with an odd number of seconds.</summary>
    public TimeSpan Days(int least, int most) => TimeSpan.FromSeconds(Between(least * 86_400, most * 86_400));

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
