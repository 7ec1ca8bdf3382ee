using QuadTurbo.Scoring.Trees;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>A session with room for rows and results, for one thread at a time. Allocates only when a number of rows first comes.</summary>
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
    private readonly OnnxTensor?[] _inputs = new OnnxTensor?[MostRows + 1], _outputs = new OnnxTensor?[MostRows + 1]; // by rows of a run

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
            string found = shape is null ? "of another type" : $"[{string.Join(", ", shape)}]";
            throw new ModelRefusedException("the output of an ONNX file", $"float [{rows}], [{rows}, 1] or [{rows}, 2] for {rows} rows", found);
        }
        _rank = shape!.Length;
        _values = _rank == 2 ? (int)shape[1] : 1;
        _results = new PinnedTable<float>(MostRows * _values);
    }

    /// <summary>Room for another thread beside <paramref name="other"/>, on the same session: that costs a run 4 % more than a session of its own, whose loading
    /// would take tens of milliseconds of the request that first needs it.</summary>
    public OnnxRunner(OnnxRunner other)
    {
        (_session, _output, _values, _rank) = (other._session, other._output, other._values, other._rank);
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
        if (_inputs[padded] is null) Bind(padded);
        _session.Run(_inputs[padded]!, _output, _outputs[padded]!);
        for (int i = 0; i < count; i++) outputs[i] = _results.At[i * _values + _values - 1];
        GC.KeepAlive(this);
    }

    private void Bind(int rows)
    {
        ReadOnlySpan<long> shape = [rows, _values];
        _outputs[rows] = new OnnxTensor(_results, shape[.._rank]);
        _inputs[rows] = new OnnxTensor(_rows, [rows, Columns]);
    }
}
