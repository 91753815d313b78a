namespace Portal.Core.Data;

/// <summary>Which way a list is read from its cursor.</summary>
public enum PageDirection
{
    /// <summary>Towards the past: below the cursor.</summary>
    Older,

    /// <summary>Towards the present: above the cursor.</summary>
    Newer,
}

/// <summary>Some rows of a list, newest first, with where to go on. Pages are found by the rows' ids, so none is counted or skipped over.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Asks for older rows; null when there are none.</param>
/// <param name="PreviousCursor">Asks for newer rows; null when there are none.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, string? PreviousCursor)
{
    /// <summary>No rows at all.</summary>
    public static Page<T> Empty { get; } = new([], null, null);
}

/// <summary>How the lists of the portal are cut into pages: by id, newest first.</summary>
internal static class Keyset
{
    /// <summary>The most rows that one page holds.</summary>
    public const int MostRows = 200;

    /// <summary>Rows to ask for: one more than shown, which tells whether there are others.</summary>
    public static int Ask(int limit) => Math.Clamp(limit, 1, MostRows) + 1;

    /// <summary>Makes the page out of the rows that were asked for.</summary>
    /// <param name="rows">In the order of reading: descending for older, ascending for newer; one more than shown where there are more.</param>
    /// <param name="limit">Rows to show.</param>
    /// <param name="direction">How they were read.</param>
    /// <param name="cursor">From where.</param>
    /// <param name="id">A row's id.</param>
    public static Page<T> Cut<T>(List<T> rows, int limit, PageDirection direction, long? cursor, Func<T, long> id)
    {
        var more = rows.Count > Math.Clamp(limit, 1, MostRows);
        if (more) rows.RemoveAt(rows.Count - 1);
        if (direction == PageDirection.Newer) rows.Reverse();
        if (rows.Count == 0) return Page<T>.Empty;
        var older = direction == PageDirection.Older ? more : cursor is not null;
        var newer = direction == PageDirection.Newer ? more : cursor is not null;
        return new Page<T>(rows, older ? Word(id(rows[^1])) : null, newer ? Word(id(rows[0])) : null);
    }

    private static string Word(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
