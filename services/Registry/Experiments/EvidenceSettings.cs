namespace QuadTurbo.Registry.Experiments;

/// <summary>What the tests count as one sample.</summary>
public enum EvidenceUnit
{
    /// <summary>The total of a minute: outcomes of one minute hang together.</summary>
    Minute,

    /// <summary>One opportunity: right only where outcomes are independent.</summary>
    Opportunity,
}

/// <summary>How paired evidence of money is weighed.</summary>
public sealed record EvidenceSettings
{
    /// <summary>What the test counts as one sample.</summary>
    public EvidenceUnit Unit { get; init; } = EvidenceUnit.Minute;

    /// <summary>Smallest difference that matters, τ of the test [net bps for each unit]: found soonest, where it is there.</summary>
    public double MdeBps { get; init; } = 1;

    /// <summary>Chance of ever finding a difference where none is, 0 to 1.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Samples before the first look: the variance is estimated from them.</summary>
    public int Start { get; init; } = 100;
}
