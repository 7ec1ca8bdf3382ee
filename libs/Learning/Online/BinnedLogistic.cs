namespace QuadTurbo.Learning.Online;

/// <summary>What a binned logistic model knows of one feature.</summary>
/// <param name="Mean">Of its finite values.</param>
/// <param name="InverseDeviation">1 / sd; 0 where it has not varied.</param>
/// <param name="Cuts">At most <see cref="BinnedLogistic.MostCuts"/>, finite and ascending.</param>
/// <param name="RawWeight">Weight of the standardised value.</param>
/// <param name="BinWeights">[<see cref="BinnedLogistic.Bins"/>]; 0 is the missing value, i + 1 is a value with i cuts at or below it.</param>
public sealed record BinnedFeature(
    double Mean, double InverseDeviation, IReadOnlyList<float> Cuts, double RawWeight, IReadOnlyList<double> BinWeights);

/// <summary>A frozen logistic model over standardised features and their one-hot bins; immutable, safe to share between threads.</summary>
/// <remarks>
/// margin = bias + Σ_f bin weight[f, bin(x_f)] + Σ_f raw weight[f] × z_f, each sum in feature order, so the bits do not depend on the caller.
/// z = (x − mean) × inverse sd, held within ±<see cref="MostDeviations"/>; bin = 1 + #{cuts ≤ x}, and 0 for a missing value, whose z is 0.
/// A value that is not finite is missing.
/// </remarks>
public sealed class BinnedLogistic
{
    /// <summary>Bins per feature: one for missing, eight for values.</summary>
    public const int Bins = 9;

    /// <summary>The most cuts a feature can have.</summary>
    public const int MostCuts = 7;

    /// <summary>A standardised value is held within plus and minus this.</summary>
    public const double MostDeviations = 5;

    private readonly BinnedColumn[] _columns;

    /// <summary>A model of the given parameters, which are copied.</summary>
    /// <exception cref="ArgumentException">A number is not finite, a bin weight is missing, or cuts are too many or do not ascend.</exception>
    public BinnedLogistic(double bias, IReadOnlyList<BinnedFeature> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (!double.IsFinite(bias)) throw new ArgumentException($"the bias is {bias}", nameof(bias));
        Bias = bias;
        _columns = new BinnedColumn[features.Count];
        for (int f = 0; f < _columns.Length; f++) _columns[f] = Column(f, features[f]);
    }

    internal BinnedLogistic(double bias, BinnedColumn[] columns)
    {
        Bias = bias;
        _columns = columns;
    }

    /// <summary>How many features a row has.</summary>
    public int Count => _columns.Length;

    /// <summary>The constant term.</summary>
    public double Bias { get; }

    /// <summary>The parameters, feature by feature.</summary>
    public IReadOnlyList<BinnedFeature> Features => Array.ConvertAll(
        _columns, c => new BinnedFeature(c.Mean, c.InverseDeviation, c.Cuts, c.RawWeight, ((ReadOnlySpan<double>)c.BinWeights).ToArray()));

    /// <summary>The probability of label 1 for one row [features]; NaN marks a missing value.</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public double Predict(ReadOnlySpan<float> features)
    {
        BinnedColumn[] columns = _columns;
        if (features.Length != columns.Length) ThrowLength(features.Length, columns.Length);
        double bins = 0, raw = 0;
        for (int f = 0; f < columns.Length; f++)
        {
            ref readonly BinnedColumn column = ref columns[f];
            bins += column.BinWeights[column.BinOf(features[f])];
            raw += column.RawWeight * column.Standardise(features[f]);
        }
        return Logistic.Sigmoid(Bias + bins + raw);
    }

    internal static void ThrowLength(int actual, int expected) =>
        throw new ArgumentException($"a row has {actual} features, the model {expected}");

    private static BinnedColumn Column(int index, BinnedFeature feature)
    {
        if (feature.BinWeights.Count != Bins) throw new ArgumentException($"feature {index} has {feature.BinWeights.Count} bin weights, not {Bins}");
        if (!double.IsFinite(feature.Mean + feature.InverseDeviation + feature.RawWeight + feature.BinWeights.Sum()))
            throw new ArgumentException($"feature {index} has a number that is not finite");
        var column = BinnedColumn.Empty with
        {
            Mean = feature.Mean,
            InverseDeviation = feature.InverseDeviation,
            RawWeight = feature.RawWeight,
        };
        column.SetCuts(feature.Cuts.ToArray());
        for (int b = 0; b < Bins; b++) column.BinWeights[b] = feature.BinWeights[b];
        return column;
    }
}
