namespace QuadTurbo.Learning.Calibration;

/// <summary>What every calibration fit asks of its rows.</summary>
internal static class CalibrationRows
{
    /// <summary>The weight of each class, after each row was found good.</summary>
    public static (double Negative, double Positive) Check(ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights)
    {
        if (margins.Length != labels.Length) throw new ArgumentException($"{margins.Length} margins for {labels.Length} labels", nameof(labels));
        CheckNumbers(margins, weights, "margin");
        if (weights.IsEmpty)
        {
            int positives = labels.Count(true);
            return (labels.Length - positives, positives);
        }
        double negative = 0, positive = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i]) positive += weights[i];
            else negative += weights[i];
        }
        return (negative, positive);
    }

    /// <summary>Refuses no rows, numbers that are not finite, negative weights, and weights that are all 0.</summary>
    public static void CheckNumbers(ReadOnlySpan<double> numbers, ReadOnlySpan<double> weights, string what)
    {
        if (numbers.IsEmpty) throw new ArgumentException("no rows to fit", nameof(numbers));
        CheckFinite(numbers, what);
        if (weights.IsEmpty) return;
        if (weights.Length != numbers.Length) throw new ArgumentException($"{weights.Length} weights for {numbers.Length} rows", nameof(weights));
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException($"weight {i} is {weights[i]}: finite and 0 or more", nameof(weights));
            sum += weights[i];
        }
        if (!(sum > 0)) throw new ArgumentException("all weights are 0", nameof(weights));
    }

    /// <summary>Refuses NaN and ±∞ by name and index.</summary>
    public static void CheckFinite(ReadOnlySpan<double> numbers, string what)
    {
        for (int i = 0; i < numbers.Length; i++)
            if (!double.IsFinite(numbers[i])) throw new ArgumentException($"{what} {i} is {numbers[i]}: only finite numbers", nameof(numbers));
    }
}
