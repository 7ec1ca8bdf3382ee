using System.Globalization;

namespace QuadTurbo.Production.Account;

/// <summary>Why the account does not let an opportunity be traded.</summary>
/// <param name="Breaker">The breaker or limit.</param>
/// <param name="Detail">Breaker, measured value and limit in words: the detail of the outcome.</param>
public readonly record struct Refusal(string Breaker, string Detail)
{
    /// <summary>The refusal of a breaker that measures something.</summary>
    public static Refusal Of(string breaker, double measured, double limit, string unit) =>
        new(breaker, string.Create(CultureInfo.InvariantCulture, $"{breaker}: {measured:0.######} against a limit of {limit:0.######} {unit}"));
}
