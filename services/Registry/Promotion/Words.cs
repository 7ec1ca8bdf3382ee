using System.Globalization;

namespace QuadTurbo.Registry.Promotion;

/// <summary>Figures in texts for people.</summary>
internal static class Words
{
    /// <summary>What stands for a figure that there is no evidence of.</summary>
    public const string NotKnown = "not known yet";

    /// <summary>The figure in that form; <see cref="NotKnown"/> for NaN and ±∞.</summary>
    public static string Of(double figure, string form) => double.IsFinite(figure) ? figure.ToString(form, CultureInfo.InvariantCulture) : NotKnown;
}
