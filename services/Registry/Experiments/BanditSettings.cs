namespace QuadTurbo.Registry.Experiments;

/// <summary>What a bandit learns from.</summary>
public enum RewardLaw
{
    /// <summary>Wins and losses, 1 and 0.</summary>
    Bernoulli,

    /// <summary>Money [net bps]: normal of unknown mean and variance.</summary>
    Normal,
}

/// <summary>How a bandit routes [AB-11].</summary>
public sealed record BanditSettings
{
    /// <summary>What it learns from.</summary>
    public RewardLaw Law { get; init; } = RewardLaw.Bernoulli;

    /// <summary>What a reward counts for when one more has been learnt, of any arm, above 0, at most 1: memory of 1 / (1 − γ) rewards.</summary>
    public double Discount { get; init; } = 0.999;

    /// <summary>Least share of the traffic of each arm, so that a forgotten one is heard of again.</summary>
    public double Floor { get; init; } = 0.02;

    /// <summary>Standard deviation of a reward before any was seen [net bps]; of the normal law alone.</summary>
    public double PriorDeviation { get; init; } = 20;

    /// <summary>Posterior draws behind each set of propensities.</summary>
    public int Draws { get; init; } = 200;

    internal void Check()
    {
        if (!(Discount is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Discount), Discount, "above 0 and at most 1");
        if (!(Floor >= 0)) throw new ArgumentOutOfRangeException(nameof(Floor), Floor, "0 or more");
        if (!(PriorDeviation > 0 && double.IsFinite(PriorDeviation)))
            throw new ArgumentOutOfRangeException(nameof(PriorDeviation), PriorDeviation, "finite and above 0");
        if (Draws < 1) throw new ArgumentOutOfRangeException(nameof(Draws), Draws, "at least 1");
    }
}
