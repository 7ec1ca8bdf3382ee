using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

/// <summary>Rows for boosting to learn from.</summary>
internal static class Tables
{
    /// <summary>Normal features, the last of them missing in a fifth of the rows, and a target that depends on the first three and on what is missing.</summary>
    public static TrainingRows Noisy(int count, int features = 6, long seed = 1, Objective objective = Objective.Logistic, bool weighted = false)
    {
        var random = SplitMix64.Stream(seed, "rows");
        var values = new float[count * features];
        var targets = new float[count];
        var weights = new float[weighted ? count : 0];
        for (int i = 0; i < count; i++)
        {
            Span<float> x = values.AsSpan(i * features, features);
            foreach (ref float value in x) value = (float)random.NextNormal();
            double y = x[0] + (x[1] > 0 ? 0.8 : -0.5) * x[2] + random.NextNormal();
            if (random.NextDouble() < 0.2)
            {
                x[^1] = float.NaN;
                y += 0.7;
            }
            targets[i] = objective == Objective.Logistic ? (y > 0.2 ? 1 : 0) : (float)y;
            if (weighted) weights[i] = (float)(0.25 + random.NextDouble());
        }
        return new TrainingRows(values, features, targets, weights);
    }

    /// <summary>One feature.</summary>
    public static TrainingRows Column(float[] values, float[] targets, float[]? weights = null) => new(values, 1, targets, weights ?? []);

    public static float[] Margins(TreeEnsemble ensemble, TrainingRows rows)
    {
        var margins = new float[rows.Count];
        ensemble.Margins(rows.Values.Span, margins);
        return margins;
    }
}
