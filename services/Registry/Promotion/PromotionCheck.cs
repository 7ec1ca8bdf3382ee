namespace QuadTurbo.Registry.Promotion;

/// <summary>One thing that a challenger must satisfy.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Passed">Null where it cannot be told, which blocks unless <paramref name="Words"/> say otherwise.</param>
/// <param name="Measured">What was measured; NaN where it cannot be told.</param>
/// <param name="Limit">What it was held against.</param>
/// <param name="Words">Both in words, with units.</param>
public sealed record PromotionCheck(string Name, bool? Passed, double Measured, double Limit, string Words)
{
    internal static PromotionCheck AtLeast(string name, double measured, double limit, string words) =>
        new(name, double.IsNaN(measured) || double.IsNaN(limit) ? null : measured >= limit, measured, limit, words);

    internal static PromotionCheck AtMost(string name, double measured, double limit, string words) =>
        new(name, double.IsNaN(measured) || double.IsNaN(limit) ? null : measured <= limit, measured, limit, words);
}
