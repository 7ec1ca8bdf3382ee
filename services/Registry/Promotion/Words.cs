namespace QuadTurbo.Registry.Promotion;

/// <summary>Figures in texts for people.</summary>
internal static class Words
{
    /// <summary>What stands for a figure that there is no evidence of.</summary>
    public const string NotKnown = "not known yet";

    /// <summary>Whether all figures are numbers that can be told: neither NaN nor ±∞.</summary>
    public static bool Known(params ReadOnlySpan<double> figures)
    {
        foreach (double figure in figures)
            if (!double.IsFinite(figure)) return false;
        return true;
    }
}
