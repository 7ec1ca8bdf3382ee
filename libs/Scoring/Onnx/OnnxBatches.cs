using QuadTurbo.Scoring.Trees;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>The model of an <see cref="OnnxHead"/> for large batches on a GPU: up to <see cref="MostRows"/> rows a run; threads take turns. Allocates nothing once made.</summary>
/// <remarks>Scores agree with those of the head to float32 rounding, not to the bit: other devices add up in another order.</remarks>
public sealed unsafe class OnnxBatches
{
    /// <summary>Rows of a run, at most.</summary>
    public const int MostRows = 4096;

    private const int Columns = FeatureSchema.Count;
    private readonly OnnxHead _head;
    private readonly OnnxSession _session;
    private readonly Lock _running = new();
    private readonly int _output, _values, _rank;
    private readonly PinnedTable<float> _results;

    /// <summary>The model of <paramref name="head"/> on <paramref name="wanted"/>, or on the next best provider that is there.</summary>
    /// <exception cref="OnnxException">ONNX Runtime refuses the model, or is not there.</exception>
    /// <exception cref="ArgumentException">The model takes batches of one size alone.</exception>
    public OnnxBatches(OnnxHead head, OnnxProvider wanted)
    {
        ArgumentNullException.ThrowIfNull(head);
        OnnxFile file = OnnxFile.Check(head.Model.Span);
        if (file.Rows > 0) throw new ArgumentException($"the model takes batches of {file.Rows} rows alone", nameof(head));
        _head = head;
        _session = OnnxSession.Load(head.Model.Span, wanted);
        _output = _session.Outputs.ToList().IndexOf(file.Output);
        const int tried = 3;
        long[] shape = _session.ShapeOf(_output, new float[tried * Columns], [tried, Columns])!;
        (_rank, _values) = (shape.Length, shape.Length == 2 ? (int)shape[1] : 1);
        _results = new PinnedTable<float>(MostRows * _values);
    }

    /// <summary>What it runs on.</summary>
    public OnnxProvider Provider => _session.Provider;

    /// <summary>Scores a batch.</summary>
    /// <param name="rows">[rows, 32].</param>
    /// <param name="scores">[rows], filled.</param>
    /// <exception cref="OnnxException">ONNX Runtime's message: the device is gone or full, for example.</exception>
    public void Score(ReadOnlySpan<float> rows, Span<double> scores)
    {
        if (rows.Length != scores.Length * Columns) throw new ArgumentException($"{rows.Length} features for {scores.Length} scores; {Columns} a row are needed", nameof(rows));
        lock (_running)
        {
            for (int start = 0; start < scores.Length; start += MostRows)
            {
                int count = Math.Min(MostRows, scores.Length - start);
                var results = new Span<float>(_results.At, count * _values);
                ReadOnlySpan<long> shape = [count, _values];
                _session.Run(rows.Slice(start * Columns, count * Columns), [count, Columns], _output, results, shape[.._rank]);
                for (int i = 0; i < count; i++) scores[start + i] = _head.ScoreOf(results[i * _values + _values - 1]);
            }
        }
    }
}
