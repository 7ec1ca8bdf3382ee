namespace QuadTurbo.Learning.Metrics;

/// <summary>Samples sorted by score once, so that the AUC of any weighting of them is one pass.</summary>
internal sealed class Ranking
{
    private readonly double[] _scores;
    private readonly int[] _order;
    private readonly bool[] _labels;

    public Ranking(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        Classification.CheckLengths(scores, labels);
        int unknown = scores.IndexOf(double.NaN);
        if (unknown >= 0) throw new ArgumentException($"score {unknown} is NaN: leave out what was not scored", nameof(scores));
        _scores = scores.ToArray();
        _order = new int[_scores.Length];
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        Array.Sort(_scores, _order);
        _labels = new bool[_order.Length];
        for (int i = 0; i < _order.Length; i++) _labels[i] = labels[_order[i]];
    }

    /// <summary>AUC when sample i occurs <paramref name="counts"/>[i] times, or once where none are given; NaN when a class is absent.</summary>
    public double Auc(ReadOnlySpan<int> counts = default)
    {
        double positives = 0, negatives = 0, wins = 0;
        for (int start = 0, end; start < _scores.Length; start = end)
        {
            double up = 0, down = 0;
            for (end = start; end < _scores.Length && _scores[end] == _scores[start]; end++)
            {
                int count = counts.IsEmpty ? 1 : counts[_order[end]];
                if (_labels[end]) up += count;
                else down += count;
            }
            wins += up * (negatives + 0.5 * down);
            positives += up;
            negatives += down;
        }
        return wins / (positives * negatives);
    }
}
