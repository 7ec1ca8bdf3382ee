namespace QuadTurbo.MarketData.Feeds.Synthetic;

/// <summary>What the synthetic world knows about one opportunity at the instant at which it can be detected.</summary>
/// <param name="Instant">Number of the instant, from 0.</param>
/// <param name="KnownAt">When its quotes are known, UTC.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Buy">Venue to buy at.</param>
/// <param name="Sell">Venue to sell at.</param>
/// <param name="AdditiveLogit">Sum of the additive terms.</param>
/// <param name="Logit">With the interaction.</param>
/// <param name="Probability">Of a win: the logistic function of <paramref name="Logit"/>; 0.5 in a noise world.</param>
/// <param name="Wins">Whether the same trade pays after fees at the quotes of the next instant; a miss when a venue does not quote then.</param>
public readonly record struct PlantedTruth(
    long Instant, DateTime KnownAt, string Symbol, string Buy, string Sell, double AdditiveLogit, double Logit, double Probability, bool Wins);

/// <summary>How well the planted outcome can be told at best; area under the ROC curve.</summary>
/// <param name="Opportunities">Opportunities it was measured over: the first ones of the world.</param>
/// <param name="Bayes">By the true probability; 0.5 in a noise world.</param>
/// <param name="Additive">By the additive terms alone.</param>
/// <param name="BaseRate">Share of wins.</param>
public sealed record PlantedSkill(int Opportunities, double Bayes, double Additive, double BaseRate)
{
    internal static PlantedSkill Of(IReadOnlyList<PlantedTruth> truths) => new(
        truths.Count,
        Auc(truths, t => t.Probability),
        Auc(truths, t => t.AdditiveLogit),
        (double)truths.Count(t => t.Wins) / truths.Count);

    /// <remarks>Rank sum of Mann and Whitney 1947; ties count half.</remarks>
    private static double Auc(IReadOnlyList<PlantedTruth> truths, Func<PlantedTruth, double> score)
    {
        double[] scores = [.. truths.Select(score)];
        bool[] wins = [.. truths.Select(t => t.Wins)];
        Array.Sort(scores, wins);
        (double rankSum, long won) = (0, 0);
        for (int from = 0, to; from < scores.Length; from = to)
        {
            for (to = from; to < scores.Length && scores[to] == scores[from]; to++) won += wins[to] ? 1 : 0;
            rankSum += wins.AsSpan(from..to).Count(true) * (from + to + 1.0) / 2;
        }
        return (rankSum - won * (won + 1.0) / 2) / ((double)won * (scores.Length - won));
    }
}
