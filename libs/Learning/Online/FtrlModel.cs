namespace QuadTurbo.Learning.Online;

/// <summary>A logistic model that learns from one sample at a time: FTRL-Proximal over standardised features and their one-hot bins.</summary>
/// <remarks>
/// Predict first, then <see cref="Update"/>: what it says of a sample never depends on that sample. Nothing is allocated per sample.
/// w = −(z − sign(z) l1) / ((β + √n) / α + l2) where |z| &gt; l1, else 0; gradient g = weight × (p − y) × x.
/// Source: McMahan et al. 2013, "Ad click prediction: a view from the trenches". Not thread-safe; <see cref="Freeze"/> gives what can be shared.
/// </remarks>
public sealed partial class FtrlModel
{
    private readonly FtrlOptions _options;
    private readonly BinnedColumn[] _columns;
    private readonly RunningMoments[] _moments;
    private readonly FtrlWeight[] _raw;
    private readonly FtrlWeight[] _bins;
    private readonly double[] _z;
    private readonly int[] _bin;
    private Intercept _intercept;

    // Values of the first samples, feature by feature [features, CutSamples]; null once the cuts are made.
    private float[]? _first;

    /// <summary>A model that has seen nothing: it predicts 0.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or there are no features.</exception>
    public FtrlModel(int features, FtrlOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        _options = options ?? new FtrlOptions();
        _options.Check();
        _columns = new BinnedColumn[features];
        Array.Fill(_columns, BinnedColumn.Empty);
        _moments = new RunningMoments[features];
        _raw = new FtrlWeight[features];
        _bins = new FtrlWeight[features * BinnedLogistic.Bins];
        _z = new double[features];
        _bin = new int[features];
        _first = new float[features * _options.CutSamples];
    }

    /// <summary>How many features a row has.</summary>
    public int Features => _columns.Length;

    /// <summary>How many samples it has learnt from.</summary>
    public long Samples { get; private set; }

    /// <summary>How it learns.</summary>
    public FtrlOptions Options => _options;

    /// <summary>The probability of label 1 for one row [features]; NaN marks a missing value.</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public double Predict(ReadOnlySpan<float> features)
    {
        if (features.Length != _columns.Length) BinnedLogistic.ThrowLength(features.Length, _columns.Length);
        double bins = 0, raw = 0;
        // The sums run as in BinnedLogistic.Predict, so that a frozen copy gives the same bits.
        for (int f = 0; f < _columns.Length; f++)
        {
            ref readonly BinnedColumn column = ref _columns[f];
            int bin = _bin[f] = column.BinOf(features[f]);
            double z = _z[f] = column.Standardise(features[f]);
            bins += column.BinWeights[bin];
            raw += column.RawWeight * z;
        }
        return Logistic.Sigmoid(_intercept.Value + bins + raw);
    }

    /// <summary>Learns from one labelled row; returns the probability it gave before, the same as <see cref="Predict"/>.</summary>
    /// <param name="features">[features]; NaN marks a missing value.</param>
    /// <param name="label">The class.</param>
    /// <param name="weight">How much the sample counts, 0 or more.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public double Update(ReadOnlySpan<float> features, bool label, double weight = 1)
    {
        if (!(weight >= 0 && weight <= double.MaxValue)) throw new ArgumentOutOfRangeException(nameof(weight), weight, "0 or more and finite");
        double probability = Predict(features);
        double slope = weight * (probability - (label ? 1 : 0));
        _intercept.Step(weight, probability, slope, 0.25 * _options.PriorSamples, _options.Horizon);
        StepWeights(slope);
        UpdateMoments(features);
        if (_first is not null) Collect(_first, features);
        Samples++;
        return probability;
    }

    /// <summary>The model as it stands, immutable; it predicts the same bits.</summary>
    public BinnedLogistic Freeze() => new(_intercept.Value, (BinnedColumn[])_columns.Clone());

    // Before the cuts are made a bin means nothing yet, so its weight stays 0.
    private void StepWeights(double slope)
    {
        double inverseAlpha = 1 / _options.Alpha, beta = _options.Beta, l1 = _options.L1, l2 = _options.L2;
        bool binned = _first is null;
        for (int f = 0; f < _columns.Length; f++)
        {
            ref BinnedColumn column = ref _columns[f];
            column.RawWeight = _raw[f].Step(column.RawWeight, slope * _z[f], inverseAlpha, beta, l1, l2);
            if (!binned) continue;
            ref double weight = ref column.BinWeights[_bin[f]];
            weight = _bins[f * BinnedLogistic.Bins + _bin[f]].Step(weight, slope, inverseAlpha, beta, l1, l2);
        }
    }

    private void UpdateMoments(ReadOnlySpan<float> features)
    {
        for (int f = 0; f < features.Length; f++)
        {
            if (!float.IsFinite(features[f])) continue;
            ref RunningMoments moments = ref _moments[f];
            moments.Add(features[f], _options.Horizon);
            _columns[f].Mean = moments.Mean;
            _columns[f].InverseDeviation = moments.InverseDeviation;
        }
    }

    private void Collect(float[] first, ReadOnlySpan<float> features)
    {
        int rows = _options.CutSamples;
        for (int f = 0; f < features.Length; f++) first[f * rows + (int)Samples] = features[f];
        if (Samples + 1 < rows) return;
        for (int f = 0; f < features.Length; f++) CutAtOctiles(ref _columns[f], first.AsSpan(f * rows, rows));
        _first = null;
    }

    // Cuts at the octiles of the finite values, each once, and none at the smallest value, below which nothing was seen.
    private static void CutAtOctiles(ref BinnedColumn column, Span<float> values)
    {
        int finite = 0;
        foreach (float value in values)
            if (float.IsFinite(value)) values[finite++] = value;
        if (finite == 0) return;
        values = values[..finite];
        values.Sort();
        Span<float> cuts = stackalloc float[BinnedLogistic.MostCuts];
        int count = 0;
        float last = values[0];
        for (int i = 1; i <= BinnedLogistic.MostCuts; i++)
        {
            float cut = values[i * finite / (BinnedLogistic.MostCuts + 1)];
            if (cut > last) cuts[count++] = last = cut;
        }
        column.SetCuts(cuts[..count]);
    }
}
