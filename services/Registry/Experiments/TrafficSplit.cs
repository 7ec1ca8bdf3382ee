using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Experiments;

/// <summary>How traffic is shared between champion and challenger.</summary>
public sealed record TrafficSplit
{
    /// <summary>Most that the shares may miss 1 by: they are typed by people.</summary>
    public const double Tolerance = 1e-9;

    private const double LargestAdvised = 0.2;

    /// <summary>A split.</summary>
    /// <param name="champion">The champion's share.</param>
    /// <param name="challenger">The challenger's share.</param>
    /// <exception cref="RegistryRefusedException">The shares do not sum to 1, or one is not above 0 and below 1 [AB-07].</exception>
    public TrafficSplit(double champion, double challenger)
    {
        if (!(champion is > 0 and < 1)) throw Refused($"the champion's share is {champion}, expected above 0 and below 1");
        if (!(challenger is > 0 and < 1)) throw Refused($"the challenger's share is {challenger}, expected above 0 and below 1");
        double sum = champion + challenger;
        if (!(Math.Abs(sum - 1) <= Tolerance)) throw Refused($"the shares {champion} and {challenger} sum to {sum}, expected 1");
        (Champion, Challenger) = (champion, challenger);
    }

    /// <summary>What a new version starts with [TRN-05].</summary>
    public static TrafficSplit Default { get; } = new(0.8, 0.2);

    /// <summary>The champion's share.</summary>
    public double Champion { get; }

    /// <summary>The challenger's share.</summary>
    public double Challenger { get; }

    /// <summary>A word of caution to whoever asked for this split; null when there is none.</summary>
    public string? Advice => Challenger > LargestAdvised
        ? $"a challenger that serves {Challenger:P0} from the start risks more than the usual 90/10 or 80/20"
        : null;

    private static RegistryRefusedException Refused(string message) => new(Refusal.Invalid, message);
}
