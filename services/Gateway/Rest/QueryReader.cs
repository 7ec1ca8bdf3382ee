using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Reads the query of a request field by field; whatever is not in order is refused by field, value and limit.</summary>
internal sealed class QueryReader
{
    private const int MostCharacters = 64;
    private readonly IQueryCollection _query;

    /// <summary>The query of <paramref name="request"/>, of which <see cref="QueryFields"/> knows that it has only <paramref name="fields"/>, each once.</summary>
    /// <exception cref="RequestRefusedException">One is none of the words that it may be.</exception>
    public QueryReader(HttpRequest request, IReadOnlyList<QueryField> fields)
    {
        _query = request.Query;
        foreach (QueryField field in fields.Where(f => f.OneOf.Length > 0))
        {
            if (_query.TryGetValue(field.Name, out StringValues given) && !field.OneOf.Contains(given.ToString()))
                throw new RequestRefusedException(field.Name, Quoted(given.ToString()), $"one of {string.Join(", ", field.OneOf)}");
        }
    }

    /// <summary>A short text; null where it is not given.</summary>
    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out StringValues given)) return null;
        string text = given.ToString();
        return text.Length is >= 1 and <= MostCharacters && !text.Any(char.IsControl)
            ? text
            : throw new RequestRefusedException(name, Quoted(text), $"1 to {MostCharacters} characters, none of control");
    }

    /// <summary>A whole number between two others.</summary>
    public int Whole(string name, int least, int most, int otherwise)
    {
        if (!_query.TryGetValue(name, out StringValues given)) return otherwise;
        return int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new RequestRefusedException(name, Quoted(given.ToString()), $"a whole number from {least} to {most}");
    }

    /// <summary>A number; null where it is not given.</summary>
    public double? Number(string name, double least, double most)
    {
        if (!_query.TryGetValue(name, out StringValues given)) return null;
        const NumberStyles form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(given.ToString(), form, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? number
            : throw new RequestRefusedException(name, Quoted(given.ToString()), string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
    }

    /// <summary>Which page: <c>limit</c> and <c>cursor</c>.</summary>
    public PageQuestion Page(int otherwise)
    {
        int limit = Whole("limit", 1, 1000, otherwise);
        if (!_query.TryGetValue("cursor", out StringValues given)) return new PageQuestion(limit, null);
        return long.TryParse(given.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long before) && before >= 0
            ? new PageQuestion(limit, before)
            : throw new RequestRefusedException("cursor", Quoted(given.ToString()), "what 'next' of the page before said");
    }

    /// <summary>The cursor of a place, as <see cref="Page"/> reads it.</summary>
    public static string Cursor(long place) => place.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The id in a path: 32 hex digits, or the first <paramref name="fewest"/> and more.</summary>
    /// <exception cref="RequestRefusedException">It is something else.</exception>
    public static string Id(string id, int fewest) => id.Length >= fewest && id.Length <= 32 && id.All(char.IsAsciiHexDigit)
        ? id
        : throw new RequestRefusedException("id", Quoted(id), fewest == 32 ? "32 hex digits" : $"{fewest} to 32 hex digits");

    private static string Quoted(string? text) => $"'{Echo.Of(text ?? "")}'";
}
