namespace QuadTurbo.Registry.Experiments;

/// <summary>An opportunity that both models have scored, and what came of it.</summary>
/// <param name="KnownAt">When its outcome was known, UTC.</param>
/// <param name="ChampionScore">Win probability by the champion, 0 to 1.</param>
/// <param name="ChallengerScore">Win probability by the challenger, 0 to 1.</param>
/// <param name="ChampionNetBps">What the champion makes of it [bps, net]: 0 where it would not trade.</param>
/// <param name="ChallengerNetBps">What the challenger makes of it [bps, net]: 0 where it would not trade.</param>
/// <param name="Won">Whether it won.</param>
public readonly record struct PairedOutcome(
    DateTime KnownAt, double ChampionScore, double ChallengerScore, double ChampionNetBps, double ChallengerNetBps, bool Won)
{
    /// <summary>An opportunity of which each model takes what it scores at the threshold or above.</summary>
    /// <param name="knownAt">When its outcome was known, UTC.</param>
    /// <param name="championScore">Win probability by the champion, 0 to 1.</param>
    /// <param name="challengerScore">Win probability by the challenger, 0 to 1.</param>
    /// <param name="netBps">What a trade of it gave, or would have given [bps, net].</param>
    /// <param name="won">Whether it won.</param>
    /// <param name="threshold">The least score that is traded.</param>
    public static PairedOutcome Of(DateTime knownAt, double championScore, double challengerScore, double netBps, bool won, double threshold) => new(
        knownAt, championScore, challengerScore, championScore >= threshold ? netBps : 0, challengerScore >= threshold ? netBps : 0, won);

    /// <exception cref="ArgumentException">A score is not between 0 and 1, or money is not finite.</exception>
    internal void Check()
    {
        if (!(ChampionScore is >= 0 and <= 1)) throw new ArgumentException($"the champion's score is {ChampionScore}, expected 0 to 1");
        if (!(ChallengerScore is >= 0 and <= 1)) throw new ArgumentException($"the challenger's score is {ChallengerScore}, expected 0 to 1");
        if (!double.IsFinite(ChampionNetBps)) throw new ArgumentException($"the champion's net bps are {ChampionNetBps}, expected a finite number");
        if (!double.IsFinite(ChallengerNetBps))
            throw new ArgumentException($"the challenger's net bps are {ChallengerNetBps}, expected a finite number");
    }
}
