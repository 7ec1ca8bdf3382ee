using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Metrics;

/// <summary>Samples sorted by score once, so that every figure of their order, under any weights, is one pass.</summary>
internal sealed class Ranking
{
    private readonly double[] _scores;
    private readonly int[] _order;
    private readonly bool[] _labels;

    /// <exception cref="ArgumentException">The lengths differ, or a score is not finite.</exception>
    public Ranking(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        Samples.Check(scores, labels, default);
        _order = Sorting.Order(scores);
        _scores = new double[_order.Length];
        _labels = new bool[_order.Length];
        for (int i = 0; i < _order.Length; i++) (_scores[i], _labels[i]) = (scores[_order[i]], labels[_order[i]]);
    }

    /// <summary>AUC when sample i weighs <paramref name="weights"/>[i], or 1 where none are given; NaN when a class is absent.</summary>
    public double Auc(ReadOnlySpan<double> weights = default)
    {
        double positives = 0, negatives = 0, wins = 0;
        for (int start = 0, end; start < _scores.Length; start = end)
        {
            (double up, double down) = Ties(start, weights, out end);
            wins += up * (negatives + 0.5 * down);
            positives += up;
            negatives += down;
        }
        return wins / (positives * negatives);
    }

    /// <summary>Writes what share of the other class lies below sample i if it is a positive, above it if not, ties half; gives the AUC.</summary>
    /// <remarks>These are the structural components V10 and V01 of DeLong, DeLong and Clarke-Pearson 1988, by mid-ranks (Sun and Xu 2014).</remarks>
    public double Placements(ReadOnlySpan<double> weights, Span<double> placements)
    {
        (double positives, double negatives) = Totals(weights);
        double positivesBelow = 0, negativesBelow = 0, wins = 0;
        for (int start = 0, end; start < _scores.Length; start = end)
        {
            (double up, double down) = Ties(start, weights, out end);
            double ofPositive = (negativesBelow + 0.5 * down) / negatives, ofNegative = (positives - positivesBelow - 0.5 * up) / positives;
            for (int i = start; i < end; i++) placements[_order[i]] = _labels[i] ? ofPositive : ofNegative;
            wins += up * (negativesBelow + 0.5 * down);
            positivesBelow += up;
            negativesBelow += down;
        }
        return wins / (positives * negatives);
    }

    /// <summary>Σ (Rₙ − Rₙ₋₁) Pₙ over falling thresholds, one for each distinct score; NaN without a positive.</summary>
    public double AveragePrecision(ReadOnlySpan<double> weights = default)
    {
        (double positives, double negatives) = Totals(weights);
        double total = positives, sum = 0;
        for (int start = 0, end; start < _scores.Length; start = end)
        {
            (double up, double down) = Ties(start, weights, out end);
            if (up > 0) sum += up * (positives / (positives + negatives));
            positives -= up;
            negatives -= down;
        }
        return sum / total;
    }

    /// <summary>Largest distance of the distribution functions of the two classes' scores; NaN when a class is absent.</summary>
    public double KolmogorovSmirnov(ReadOnlySpan<double> weights = default)
    {
        (double positives, double negatives) = Totals(weights);
        if (!(positives > 0 && negatives > 0)) return double.NaN;
        double positivesBelow = 0, negativesBelow = 0, largest = 0;
        for (int start = 0, end; start < _scores.Length; start = end)
        {
            (double up, double down) = Ties(start, weights, out end);
            positivesBelow += up;
            negativesBelow += down;
            largest = Math.Max(largest, Math.Abs(negativesBelow / negatives - positivesBelow / positives));
        }
        return largest;
    }

    // What the positives and the negatives weigh that share the score at `start`; `end` is the next score's place.
    private (double Up, double Down) Ties(int start, ReadOnlySpan<double> weights, out int end)
    {
        double up = 0, down = 0, score = _scores[start];
        for (end = start; end < _scores.Length && _scores[end] == score; end++)
        {
            double weight = weights.IsEmpty ? 1 : weights[_order[end]];
            double positive = _labels[end] ? weight : 0;
            up += positive;
            down += weight - positive;
        }
        return (up, down);
    }

    private (double Positives, double Negatives) Totals(ReadOnlySpan<double> weights)
    {
        double positives = 0, negatives = 0;
        for (int i = 0; i < _labels.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[_order[i]];
            if (_labels[i]) positives += weight;
            else negatives += weight;
        }
        return (positives, negatives);
    }
}
