using QuadTurbo.Learning.Splits;
using QuadTurbo.Trading.Features;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Trainers;

/// <summary>Samples as arrays, in the order of their decisions: what the mathematics takes.</summary>
internal sealed class TrainingTable
{
    private readonly Sample[] _samples;

    /// <summary>A table of <paramref name="samples"/>, put into the order of t₀; of equal t₀, in the order given.</summary>
    public TrainingTable(IEnumerable<Sample> samples)
    {
        _samples = [.. samples.OrderBy(s => s.DecidedAt)];
        Rows = new float[_samples.Length * FeatureSchema.Count];
        Spans = new LabelSpan[_samples.Length];
        for (int i = 0; i < _samples.Length; i++)
        {
            _samples[i].ReadFeatures().CopyTo(Rows.AsSpan(i * FeatureSchema.Count));
            Spans[i] = new LabelSpan(_samples[i].DecidedAt.Ticks, _samples[i].KnownAt.Ticks);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count => _samples.Length;

    /// <summary>One row's sample.</summary>
    public Sample this[int row] => _samples[row];

    /// <summary>Model inputs: [Count, 32], row-major.</summary>
    public float[] Rows { get; }

    /// <summary>t₀ and t₁ of each row, ticks of UTC.</summary>
    public LabelSpan[] Spans { get; }

    /// <summary>The inputs of some rows: [rows, 32].</summary>
    public float[] RowsOf(IReadOnlyList<int> rows)
    {
        var picked = new float[rows.Count * FeatureSchema.Count];
        for (int i = 0; i < rows.Count; i++) RowOf(rows[i]).CopyTo(picked.AsSpan(i * FeatureSchema.Count));
        return picked;
    }

    /// <summary>The inputs of one row: [32].</summary>
    public ReadOnlySpan<float> RowOf(int row) => Rows.AsSpan(row * FeatureSchema.Count, FeatureSchema.Count);

    /// <summary>What <paramref name="read"/> gives for some rows.</summary>
    public T[] Pick<T>(IReadOnlyList<int> rows, Func<Sample, T> read)
    {
        var picked = new T[rows.Count];
        for (int i = 0; i < rows.Count; i++) picked[i] = read(_samples[rows[i]]);
        return picked;
    }
}
