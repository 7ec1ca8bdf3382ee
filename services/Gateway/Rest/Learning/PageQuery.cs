using System.Globalization;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>Reads <c>?limit=</c> and <c>?cursor=</c>.</summary>
internal static class PageQuery
{
    private const int DefaultLimit = 50, MostLimit = 1_000;

    /// <summary>The limit that is asked for.</summary>
    /// <exception cref="RequestRefusedException">It is no whole number from 1 to 1000.</exception>
    public static int Limit(string? text) => text is null
        ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MostLimit
            ? limit
            : throw new RequestRefusedException("limit", Shown(text), $"a whole number from 1 to {MostLimit}");

    /// <summary>The position that a cursor stands for; null for the first page.</summary>
    /// <exception cref="RequestRefusedException">It is not one that was given out.</exception>
    public static long? Cursor(string? text) => text is null
        ? null
        : text.Length > 1 && text[0] == 'p' && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long position)
            ? position
            : throw new RequestRefusedException("cursor", Shown(text), "the next of a page before it");

    /// <summary>The cursor of a position.</summary>
    public static string Text(long position) => string.Create(CultureInfo.InvariantCulture, $"p{position}");

    /// <summary>What was given, short and without control characters.</summary>
    public static string Shown(string text) => $"'{Echo.Of(text)}'";
}
