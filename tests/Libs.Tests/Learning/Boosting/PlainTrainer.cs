using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

/// <summary>The oracle: the same trees grown depth first, with a sum over the rows for every cut, in double precision.</summary>
internal sealed class PlainTrainer(TrainingRows rows, BoostingOptions options)
{
    private readonly QuantileCuts _cuts = QuantileCuts.Of(rows, options.MaxBins);
    private readonly double[] _first = new double[rows.Count];
    private readonly double[] _second = new double[rows.Count];

    /// <summary>Margins of the rows after every round, from the given margin.</summary>
    public double[] Margins(double start)
    {
        var margins = new double[rows.Count];
        Array.Fill(margins, start);
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < rows.Count; i++) (_first[i], _second[i]) = Derive(margins[i], rows.Targets.Span[i], rows.Weight(i));
            Grow([.. Enumerable.Range(0, rows.Count)], 0, margins);
        }
        return margins;
    }

    private (double, double) Derive(double margin, double target, double weight)
    {
        if (options.Objective == Objective.Squared) return (weight * (margin - target), weight);
        double p = 1 / (1 + Math.Exp(-margin));
        return (weight * (p - target), weight * p * (1 - p));
    }

    private void Grow(int[] node, int depth, double[] margins)
    {
        (double gain, int[] left) = depth < options.MaxDepth ? Best(node) : (0, []);
        if (left.Length == 0 || gain <= options.Gamma)
        {
            foreach (int i in node) margins[i] -= options.Eta * Shrunk(node) / (Second(node) + options.Lambda);
            return;
        }
        Grow(left, depth + 1, margins);
        Grow([.. node.Except(left)], depth + 1, margins);
    }

    private (double Gain, int[] Left) Best(int[] node)
    {
        (double Gain, int[] Left) best = (1e-12, []);
        for (int f = 0; f < rows.Features; f++)
        {
            for (int cut = 0; cut < _cuts[f].Length; cut++)
            {
                float at = _cuts[f][cut];
                foreach (bool missingLeft in (ReadOnlySpan<bool>)[false, true])
                {
                    int[] left = [.. node.Where(i => Value(i, f) is var x && (float.IsNaN(x) ? missingLeft : x < at))];
                    int[] right = [.. node.Except(left)];
                    if (Math.Min(left.Length, right.Length) < options.MinLeafRows || Math.Min(Second(left), Second(right)) < options.MinChildWeight) continue;
                    double gain = 0.5 * (Score(left) + Score(right) - Score(node));
                    if (gain > best.Gain * (1 + 1e-6)) best = (gain, left);
                }
            }
        }
        return best;
    }

    private float Value(int row, int feature) => rows.Values.Span[row * rows.Features + feature];

    private double Second(int[] node) => node.Sum(i => _second[i]);

    private double Shrunk(int[] node) => node.Sum(i => _first[i]) is var g ? Math.Sign(g) * Math.Max(Math.Abs(g) - options.Alpha, 0) : 0;

    private double Score(int[] node) => Shrunk(node) * Shrunk(node) / (Second(node) + options.Lambda);
}
