namespace QuadTurbo.Scoring.Voting;

/// <summary>What an ensemble made of its members' scores.</summary>
/// <param name="Score">0 to 1; NaN when no member has a score.</param>
/// <param name="Disagreement">Largest less smallest score of the members, 0 to 1; 0 for one member, NaN for none.</param>
/// <param name="Degraded">True when a member has no score.</param>
public readonly record struct BallotResult(double Score, double Disagreement, bool Degraded);

/// <summary>The rule by which members vote; immutable.</summary>
/// <remarks>
/// A member votes yes with a score above 0.5. Weighted: Σ w s / Σ w. Majority: the highest score if more than half vote yes, the lowest if more
/// than half vote no, or else 0.5. Unanimous: the weighted score if all vote alike, or else 0.5. A member whose score is NaN does not vote and its
/// weight is not counted; the result says so. 0.5 is no trade (C15).
/// </remarks>
public sealed class Ballot
{
    private const double Neutral = 0.5;
    private readonly double[] _weights;

    /// <summary>A ballot.</summary>
    /// <param name="strategy">How to vote.</param>
    /// <param name="weights">Weight of each member, above 0 and finite; at least one.</param>
    /// <exception cref="ArgumentException">There are no weights, or one is not above 0.</exception>
    public Ballot(VotingStrategy strategy, params ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty) throw new ArgumentException("an ensemble has at least one member", nameof(weights));
        foreach (double weight in weights)
            if (!(weight > 0) || !double.IsFinite(weight)) throw new ArgumentException($"weight {weight} of a member must be above 0 and finite", nameof(weights));
        if (!Enum.IsDefined(strategy)) throw new ArgumentException($"{strategy} is not a way to vote", nameof(strategy));
        Strategy = strategy;
        _weights = weights.ToArray();
    }

    /// <summary>How to vote.</summary>
    public VotingStrategy Strategy { get; }

    /// <summary>[members].</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Counts the votes; allocates nothing.</summary>
    /// <param name="scores">[members], 0 to 1, or NaN for a member that has none.</param>
    /// <exception cref="ArgumentException">There are not as many scores as members.</exception>
    public BallotResult Count(ReadOnlySpan<double> scores)
    {
        if (scores.Length != _weights.Length) throw new ArgumentException($"{scores.Length} scores of {_weights.Length} members", nameof(scores));
        int voters = 0, yes = 0;
        double lowest = double.PositiveInfinity, highest = double.NegativeInfinity, sum = 0, total = 0;
        for (int m = 0; m < scores.Length; m++)
        {
            double score = scores[m];
            if (double.IsNaN(score)) continue;
            voters++;
            if (score > Neutral) yes++;
            lowest = Math.Min(lowest, score);
            highest = Math.Max(highest, score);
            sum += _weights[m] * score;
            total += _weights[m];
        }
        if (voters == 0) return new BallotResult(double.NaN, double.NaN, Degraded: true);
        // Rounding must not carry the mean out of the range of what it is the mean of.
        double weighted = Math.Clamp(sum / total, lowest, highest);
        double voted = Strategy switch
        {
            VotingStrategy.Majority => 2 * yes > voters ? highest : 2 * yes < voters ? lowest : Neutral,
            VotingStrategy.Unanimous => yes == voters || yes == 0 ? weighted : Neutral,
            _ => weighted,
        };
        return new BallotResult(voted, highest - lowest, voters < scores.Length);
    }
}
