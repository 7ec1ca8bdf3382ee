using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Production;

/// <summary>Why the kill switch is not thrown or released: RFC 9457, with the field, its value and its limit.</summary>
internal static class SwitchProblem
{
    /// <summary>The lane's name, as it is typed to resume.</summary>
    public const string Lane = "production";

    private const int Longest = 500;

    /// <summary>What is wrong with a reason; null for nothing.</summary>
    public static IResult? Of(string? reason)
    {
        const string limit = "1 to 500 characters, none of control, that say why";
        return string.IsNullOrWhiteSpace(reason) ? Refused("reason", reason is null ? "missing" : "empty", limit)
            : reason.Length > Longest ? Refused("reason", $"{reason.Length} characters long", limit)
            : reason.Any(char.IsControl) ? Refused("reason", "text with control characters", limit)
            : null;
    }

    /// <summary>What is wrong with a typed name; null for nothing.</summary>
    public static IResult? OfConfirmation(string? typed) =>
        typed == Lane ? null : Refused("confirm", typed is null ? "missing" : $"'{Echo.Of(typed)}'", $"the lane's name, typed: {Lane}");

    /// <summary>409: there is nothing to resume.</summary>
    public static IResult NotThrown() => Results.Problem(
        "the kill switch is not thrown", statusCode: StatusCodes.Status409Conflict, extensions: new Dictionary<string, object?> { ["code"] = "not_killed" });

    private static IResult Refused(string field, string value, string limit) => Results.Problem(
        $"{field} is {value}; it must be {limit}", statusCode: StatusCodes.Status400BadRequest, title: "The request is refused.", extensions: new Dictionary<string, object?>
        {
            ["code"] = "invalid_field",
            ["field"] = field,
            ["value"] = value,
            ["limit"] = limit,
        });
}
