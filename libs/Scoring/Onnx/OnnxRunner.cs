using QuadTurbo.Scoring.Trees;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>One session with room for its results: scores blocks of rows, for one thread at a time. Allocates nothing once made.</summary>
/// <remarks>
/// A run has 1 to <see cref="MostRows"/> rows, always a whole number of steps; rows that are missing from the last step are zeros.
/// Rows are copied to memory of one alignment: kernels of ONNX Runtime add up in another order where rows start elsewhere in a cache line.
/// </remarks>
internal sealed unsafe class OnnxRunner
{
    /// <summary>Rows of a run, at most.</summary>
    public const int MostRows = 64;

    private const int Columns = FeatureSchema.Count;
    private readonly OnnxSession _session;
    private readonly int _output, _values, _rank;
    private readonly PinnedTable<float> _rows = new(MostRows * Columns);
    private readonly PinnedTable<float> _results;

    /// <summary>A runner of a model that passed <see cref="OnnxFile.Check"/>.</summary>
    /// <exception cref="OnnxException">ONNX Runtime refuses the model.</exception>
    /// <exception cref="ModelRefusedException">Its output has not one probability a row.</exception>
    public OnnxRunner(ReadOnlySpan<byte> model, OnnxFile file, OnnxProvider wanted)
    {
        _session = OnnxSession.Load(model, wanted);
        _output = _session.Outputs.Select((name, i) => (name, i)).First(o => o.name == file.Output).i;
        // Three rows, so that a result of three, one or two numbers a row cannot be mistaken for another.
        int rows = file.Rows > 0 ? file.Rows : 3;
        long[]? shape = _session.ShapeOf(_output, new ReadOnlySpan<float>(_rows.At, rows * Columns), [rows, Columns]);
        bool fits = shape is [var one] && one == rows || shape is [var many, 1 or 2] && many == rows;
        if (!fits)
        {
            throw new ModelRefusedException(
                "the output of an ONNX file", $"float [{rows}], [{rows}, 1] or [{rows}, 2] for {rows} rows", shape is null ? "of another type" : $"[{string.Join(", ", shape)}]");
        }
        _rank = shape!.Length;
        _values = _rank == 2 ? (int)shape[1] : 1;
        _results = new PinnedTable<float>(MostRows * _values);
    }

    /// <summary>What it runs on.</summary>
    public OnnxProvider Provider => _session.Provider;

    /// <summary>The outputs of a block as the model gives them.</summary>
    /// <param name="rows">[rows, 32].</param>
    /// <param name="outputs">[rows], filled: the second of two outputs, else the only one.</param>
    /// <param name="step">Runs have a multiple of so many rows.</param>
    public void Run(ReadOnlySpan<float> rows, Span<float> outputs, int step)
    {
        int count = outputs.Length, padded = (count + step - 1) / step * step;
        var input = new Span<float>(_rows.At, padded * Columns);
        rows.CopyTo(input);
        input[rows.Length..].Clear();
        ReadOnlySpan<long> shape = [padded, Columns];
        ReadOnlySpan<long> resultShape = [padded, _values];
        var results = new Span<float>(_results.At, padded * _values);
        _session.Run(input, shape, _output, results, resultShape[.._rank]);
        for (int i = 0; i < count; i++) outputs[i] = results[i * _values + _values - 1];
    }
}
