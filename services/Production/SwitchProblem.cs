using System.Globalization;
using System.Text;
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
    public static IResult? Of(string reason)
    {
        const string limit = "1 to 500 characters, none of control, that say why";
        return string.IsNullOrWhiteSpace(reason) ? Refused("reason", "empty", limit)
            : reason.Length > Longest ? Refused("reason", $"{reason.Length} characters long", limit)
            : reason.EnumerateRunes().Any(IsControl) ? Refused("reason", "text with control characters", limit)
            : null;
    }

    /// <summary>What is wrong with a typed name; null for nothing.</summary>
    public static IResult? OfConfirmation(string typed) =>
        typed == Lane ? null : Refused("confirm", $"'{Echo.Of(typed)}'", $"the lane's name, typed: {Lane}");

    /// <summary>200 when the ledger keeps a kill, otherwise 503: trading is stopped all the same.</summary>
    public static IResult OfKill(Switched switched)
    {
        var answer = SwitchAnswer.Of(switched.Change!);
        return switched.WhyNotKept is not { } why ? Results.Ok(answer) : Durability.NotKept(
            $"trading is stopped in this process, but this is not kept and would be forgotten by a crash: {why}",
            ("event", answer.Event), ("reason", answer.Reason), ("at", answer.At));
    }

    /// <summary>200 when the ledger keeps a resume, 409 when there is nothing to resume or it was stopped again, 503 when the ledger does not keep it.</summary>
    public static IResult OfResume(Switched? switched) => switched switch
    {
        null => NotThrown(),
        { WhyNotKept: { } why } => Durability.NotKept($"trading stays stopped: its resume would not be kept: {why}"),
        { Change: { } change } => Results.Ok(SwitchAnswer.Of(change)),
        _ => Conflict("killed_again", "trading stays stopped: the kill switch was thrown again meanwhile"),
    };

    private static IResult NotThrown() => Conflict("not_killed", "the kill switch is not thrown");

    private static IResult Conflict(string code, string detail) =>
        Results.Problem(detail, statusCode: StatusCodes.Status409Conflict, extensions: new Dictionary<string, object?> { ["code"] = code });

    // What turns or breaks a line hides what was written; what joins emoji and letters does not.
    private static bool IsControl(Rune rune) => rune.Value is not (0x200C or 0x200D)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static IResult Refused(string field, string value, string limit) => FieldProblem.Of(new RequestRefusedException(field, value, limit));
}
