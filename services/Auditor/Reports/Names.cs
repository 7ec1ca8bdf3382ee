using System.Text.RegularExpressions;

namespace QuadTurbo.Auditor.Reports;

/// <summary>Names as they are written in reports.</summary>
public static partial class Names
{
    /// <summary>NoQuote → no_quote.</summary>
    public static string Snake(string pascal) => WordStart().Replace(pascal, "_$1").ToLowerInvariant();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex WordStart();
}
