namespace QuadTurbo.Learning.Boosting;

/// <summary>Rows to learn from, or to validate on. The arrays are read, not copied.</summary>
public sealed class TrainingRows
{
    // Their product, a derivative, stays far inside float32.
    private const float MostTarget = 1e18f;
    private const float MostWeight = 1e9f;

    /// <summary>Rows with targets and weights.</summary>
    /// <param name="values">[Count, features], row-major; NaN is missing, ±∞ are numbers.</param>
    /// <param name="features">Columns of a row.</param>
    /// <param name="targets">[Count], at most 1e18 either way.</param>
    /// <param name="weights">[Count], 0 .. 1e9; empty for 1 each. A row of weight 0 is not there.</param>
    /// <exception cref="ArgumentException">There are no rows, the lengths do not fit, or a target or weight is not as said; the message has its index.</exception>
    public TrainingRows(ReadOnlyMemory<float> values, int features, ReadOnlyMemory<float> targets, ReadOnlyMemory<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (targets.IsEmpty) throw new ArgumentException("no rows", nameof(targets));
        if (values.Length != (long)targets.Length * features)
            throw new ArgumentException($"{values.Length} numbers for {targets.Length} rows of {features} features", nameof(values));
        if (!weights.IsEmpty && weights.Length != targets.Length)
            throw new ArgumentException($"{weights.Length} weights for {targets.Length} rows", nameof(weights));
        CheckNumbers(targets.Span, weights.Span);
        (Values, Features, Targets, Weights) = (values, features, targets, weights);
    }

    /// <summary>[Count, Features], row-major.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Columns of a row.</summary>
    public int Features { get; }

    /// <summary>[Count].</summary>
    public ReadOnlyMemory<float> Targets { get; }

    /// <summary>[Count], or empty for 1 each.</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Targets.Length;

    /// <summary>The weight of a row.</summary>
    public float Weight(int row) => Weights.IsEmpty ? 1 : Weights.Span[row];

    /// <exception cref="ArgumentException">The loss does not take these targets, or one class, or one weight, is all there is.</exception>
    internal void CheckFor(Objective objective)
    {
        double ones = 0, total = 0;
        ReadOnlySpan<float> targets = Targets.Span;
        for (int i = 0; i < targets.Length; i++)
        {
            float weight = Weight(i);
            if (objective == Objective.Logistic && targets[i] is < 0 or > 1)
                throw new ArgumentException($"target {i} is {targets[i]}: the logistic loss takes 0 .. 1");
            ones += (double)weight * targets[i];
            total += weight;
        }
        if (total == 0) throw new ArgumentException("every weight is 0");
        if (objective == Objective.Logistic && (ones == 0 || ones == total))
            throw new ArgumentException($"every target is {(ones == 0 ? 0 : 1)}: there is one class only");
    }

    private static void CheckNumbers(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        for (int i = 0; i < targets.Length; i++)
            if (!(Math.Abs(targets[i]) <= MostTarget)) throw new ArgumentException($"target {i} is {targets[i]}: at most {MostTarget} either way", nameof(targets));
        for (int i = 0; i < weights.Length; i++)
            if (!(weights[i] >= 0 && weights[i] <= MostWeight)) throw new ArgumentException($"weight {i} is {weights[i]}: 0 .. {MostWeight}", nameof(weights));
    }
}
