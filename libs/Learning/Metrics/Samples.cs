using System.Numerics;
using System.Runtime.InteropServices;

namespace QuadTurbo.Learning.Metrics;

/// <summary>What every figure asks of its samples: equal lengths, finite numbers, weights of 0 or more; no weights means 1 each.</summary>
internal static class Samples
{
    public static double Weight(ReadOnlySpan<double> weights, int i) => weights.IsEmpty ? 1 : weights[i];

    /// <exception cref="ArgumentException">The lengths differ, a number is not finite, or a weight is negative; it is named by its place.</exception>
    public static void Check(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights)
    {
        if (scores.Length != labels.Length) throw new ArgumentException($"{scores.Length} scores for {labels.Length} labels", nameof(labels));
        CheckFinite(scores, "score");
        CheckWeights(weights, scores.Length);
    }

    /// <inheritdoc cref="Check"/>
    public static void CheckProbabilities(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights)
    {
        Check(scores, labels, weights);
        CheckProbabilities(scores);
    }

    /// <exception cref="ArgumentException">A score is not between 0 and 1.</exception>
    public static void CheckProbabilities(ReadOnlySpan<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
            if (!(scores[i] >= 0 && scores[i] <= 1)) throw new ArgumentException($"score {i} is {scores[i]}: a probability is between 0 and 1");
    }

    /// <exception cref="ArgumentException">There are weights, but not one for each sample, or one is negative or not finite.</exception>
    public static void CheckWeights(ReadOnlySpan<double> weights, int count)
    {
        if (weights.IsEmpty) return;
        if (weights.Length != count) throw new ArgumentException($"{weights.Length} weights for {count} samples", nameof(weights));
        CheckFinite(weights, "weight");
        for (int i = 0; i < weights.Length; i++)
            if (weights[i] < 0) throw new ArgumentException($"weight {i} is {weights[i]}: 0 or more", nameof(weights));
    }

    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static void CheckFinite(ReadOnlySpan<double> values, string what)
    {
        var limit = new Vector<double>(double.MaxValue);
        ReadOnlySpan<Vector<double>> blocks = MemoryMarshal.Cast<double, Vector<double>>(values);
        int i = 0;
        foreach (Vector<double> block in blocks)
        {
            if (!Vector.LessThanOrEqualAll(Vector.Abs(block), limit)) break;
            i += Vector<double>.Count;
        }
        for (; i < values.Length; i++)
            if (!double.IsFinite(values[i])) throw new ArgumentException($"{what} {i} is {values[i]}: leave out what is not known");
    }

    public static void CheckLevel(double level)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "between 0 and 1");
    }
}
