using QuadTurbo.Registry.Experiments;

namespace QuadTurbo.Registry.Promotion;

/// <summary>When a version that serves goes back to the one before [LANE-18, REG-14].</summary>
public sealed record RollbackPolicy
{
    /// <summary>How money is weighed: α = 1 %, τ = the loss that must be found soonest [net bps for each unit].</summary>
    public EvidenceSettings Money { get; init; } = new() { MdeBps = 5, Alpha = 0.01 };

    /// <summary>Outcomes, the last ones, that calibration is measured on.</summary>
    public int CalibrationWindow { get; init; } = 1_000;

    /// <summary>Fewest outcomes whose calibration says anything.</summary>
    public int MinOutcomes { get; init; } = 200;

    /// <summary>Most calibration error (ECE) above that of the version before, on the same outcomes.</summary>
    public double EceSlack { get; init; } = 0.02;

    /// <summary>Furthest fall of its money, summed over opportunities [bps].</summary>
    public double DrawdownBps { get; init; } = 1_000;

    /// <summary>Furthest fall as a multiple of what the version before would have suffered: where both fall alike, going back mends
    /// nothing.</summary>
    public double DrawdownRatio { get; init; } = 1.5;

    /// <summary>Requests, the last ones, among which failures are counted.</summary>
    public int ErrorWindow { get; init; } = 200;

    /// <summary>Most failures among them.</summary>
    public int MaxErrors { get; init; } = 9;

    /// <summary>Longest P99 latency, as a multiple of that of the version before.</summary>
    public double LatencyRatio { get; init; } = 1.5;

    /// <summary>Requests after which latency is measured anew.</summary>
    public int LatencyWindow { get; init; } = 1_000;

    /// <summary>Fewest requests whose P99 says anything.</summary>
    public int MinLatencies { get; init; } = 200;
}
