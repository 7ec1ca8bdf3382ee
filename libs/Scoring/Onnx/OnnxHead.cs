using System.Runtime.CompilerServices;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>A classifier in a .onnx file, ours or another's, that ONNX Runtime runs; safe to share between threads, which share one session.</summary>
/// <remarks>
/// The model reads float [rows, 32] in schema order, NaN where a feature is missing, and gives one probability a row: [rows], [rows, 1], or
/// [rows, 2] whose second column counts. What it makes of NaN is its own affair; a NaN result stays NaN, and so does one outside 0 .. 1.
/// A row has the same bits alone and in any batch. ONNX Runtime does not promise that, since it has other kernels for other numbers of rows, so
/// it is tried out on 512 seeded rows when the model is loaded: runs have a multiple of <see cref="Step"/> rows, the least for which all runs agree,
/// or of one row where none do. Other processors may give other bits, which agree to float32 rounding.
/// A small feed-forward network is compiled instead (<see cref="DenseNetwork"/>), and ONNX Runtime is the oracle at load: the seeded rows must agree.
/// </remarks>
public sealed class OnnxHead : ModelHead
{
    private const int Columns = FeatureSchema.Count, Block = OnnxRunner.MostRows, Tried = 512, ShortRun = 17;

    // How far float32 rounding takes a probability beyond 0 or 1, and how far other kernels take it from itself.
    private const float Rounding = 1e-4f;

    // How far a compiled network may be from ONNX Runtime.
    private const float Agreement = 1e-6f;
    private static readonly Lazy<float[]> Seeded = new(SeededRows);
    private readonly DenseNetwork? _compiled;
    private readonly OnnxRunners? _runners; // null when compiled
    private readonly int _block;

    /// <summary>A head that runs <paramref name="model"/>.</summary>
    /// <param name="model">The bytes of a .onnx file.</param>
    /// <param name="calibrator">From the log-odds of the model's output to the probability; null for the output itself.</param>
    /// <param name="samples">Labelled samples that it was fitted to.</param>
    /// <param name="wanted">The most that it may run on.</param>
    /// <exception cref="ModelRefusedException">
    /// <see cref="OnnxFile.Check"/> or ONNX Runtime refuses the file; or of 512 seeded rows one scores outside 0 .. 1, or differs by its neighbours.
    /// </exception>
    /// <exception cref="OnnxException">ONNX Runtime itself cannot be loaded.</exception>
    public OnnxHead(ReadOnlyMemory<byte> model, Calibrator? calibrator, long samples, OnnxProvider wanted = OnnxProvider.Cpu) : base(samples)
    {
        OnnxFile file = OnnxFile.Check(model.Span);
        Model = model;
        Calibrator = calibrator;
        _ = OnnxEnvironment.Shared;
        OnnxRunner first;
        try
        {
            first = new OnnxRunner(model.Span, file, wanted);
            _compiled = first.Provider == OnnxProvider.Cpu && file.Rows == 0 ? Compile(model.Span, file, first) : null;
            (Step, _block) = _compiled is not null ? (1, Block) : file.Rows > 0 ? SelfTest(first, file.Rows, file.Rows) : SelfTest(first, 1, Block);
        }
        catch (OnnxException e)
        {
            throw new ModelRefusedException("an ONNX file", "one that ONNX Runtime runs", $"refused by it ({e.Message})", e);
        }
        Provider = first.Provider;
        if (_compiled is null) _runners = new OnnxRunners(first);
    }

    /// <summary>The bytes of the .onnx file.</summary>
    public ReadOnlyMemory<byte> Model { get; }

    /// <summary>From the log-odds of the output to the probability; null for the output itself.</summary>
    public Calibrator? Calibrator { get; }

    /// <summary>What it runs on.</summary>
    public OnnxProvider Provider { get; }

    /// <summary>Runs have a multiple of so many rows, filled up with zeros.</summary>
    public int Step { get; }

    /// <summary>Whether it is a small network that runs without ONNX Runtime.</summary>
    public bool IsCompiled => _compiled is not null;

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> features)
    {
        double score = 0;
        Score(features, new Span<double>(ref score));
        return score;
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxException">ONNX Runtime's message: the model cannot compute, which it could when it was loaded.</exception>
    [SkipLocalsInit]
    public override void Score(ReadOnlySpan<float> rows, Span<double> scores)
    {
        CheckBatch(rows, scores);
        Span<float> outputs = stackalloc float[Block];
        OnnxRunner? runner = _runners?.Take();
        try
        {
            for (int start = 0; start < scores.Length; start += _block)
            {
                int count = Math.Min(_block, scores.Length - start);
                ReadOnlySpan<float> block = rows.Slice(start * Columns, count * Columns);
                if (runner is null) _compiled!.Run(block, outputs[..count]);
                else runner.Run(block, outputs[..count], Step);
                for (int i = 0; i < count; i++) scores[start + i] = ScoreOf(outputs[i]);
            }
        }
        finally
        {
            if (runner is not null) _runners!.Return(runner);
        }
    }

    /// <summary>The score that an output of the model makes.</summary>
    internal double ScoreOf(float output)
    {
        if (!(output is >= -Rounding and <= 1 + Rounding)) return double.NaN;
        double probability = Math.Clamp((double)output, 0, 1);
        return Calibrator is null ? probability : Calibrator.Apply(Math.Log(probability / (1 - probability)));
    }

    /// <summary>The model compiled, if it can be and agrees with ONNX Runtime on the seeded rows.</summary>
    private static DenseNetwork? Compile(ReadOnlySpan<byte> model, OnnxFile file, OnnxRunner oracle)
    {
        if (DenseNetwork.TryRead(model, file.Input, file.Output, Columns) is not { } network) return null;
        float[] expected = Outputs(oracle, 1, Block), found = new float[expected.Length];
        network.Run(Seeded.Value, found);
        for (int i = 0; i < found.Length; i++)
            if (!(Apart(found[i], expected[i]) <= Agreement)) return null;
        return network;
    }

    /// <summary>What ONNX Runtime makes of the seeded rows.</summary>
    private static float[] Outputs(OnnxRunner runner, int step, int block)
    {
        var outputs = new float[Tried / block * block];
        for (int i = 0; i < outputs.Length; i += block) runner.Run(Seeded.Value.AsSpan(i * Columns, block * Columns), outputs.AsSpan(i, block), step);
        foreach (float output in outputs)
        {
            if (output is < -Rounding or > 1 + Rounding)
                throw new ModelRefusedException("the output of an ONNX file", "a probability, 0 to 1, or NaN", $"{output}");
        }
        return outputs;
    }

    /// <summary>The least step and the largest block with which seeded rows have the same bits wherever they stand.</summary>
    private static (int Step, int Block) SelfTest(OnnxRunner runner, int step, int block)
    {
        float[] expected = Outputs(runner, step, block);
        for (int tried = step; tried <= block; tried *= 2)
        {
            float apart = LargestDifference(runner, expected, tried, block);
            if (apart == 0) return (tried, block);
            if (!(apart <= Rounding)) throw new ModelRefusedException("the score of a row", "the same whatever rows are beside it", $"{apart} apart");
        }
        return (step, 1); // each row by itself, in the first place
    }

    /// <summary>How far runs of every length, with other rows beside, are from <paramref name="expected"/>; 0 for the same bits.</summary>
    private static float LargestDifference(OnnxRunner runner, float[] expected, int step, int block)
    {
        var found = new float[block];
        float largest = 0;
        for (int length = step; length <= block; length += step)
        {
            // Short runs are where kernels differ: all rows go through those, some through the others. A single length is tried from every row on.
            int next = step == block ? 1 : length <= ShortRun ? length : expected.Length;
            for (int start = 7 * length / 2 % next; start + length <= expected.Length; start += next)
            {
                runner.Run(Seeded.Value.AsSpan(start * Columns, length * Columns), found.AsSpan(0, length), step);
                for (int i = 0; i < length; i++) largest = Math.Max(largest, Apart(found[i], expected[start + i]));
            }
        }
        return largest;
    }

    /// <summary>0 for the same bits or two NaN, ∞ for one NaN, else above 0.</summary>
    private static float Apart(float a, float b)
    {
        if (float.IsNaN(a) || float.IsNaN(b)) return float.IsNaN(a) && float.IsNaN(b) ? 0 : float.PositiveInfinity;
        return BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) ? 0 : Math.Max(Math.Abs(a - b), float.Epsilon);
    }

    /// <summary>Rows near 0; of sixteen one anywhere within the bounds of the schema, and one with a tenth of its features missing.</summary>
    private static float[] SeededRows()
    {
        var random = SplitMix64.Stream(0, "onnx self-test");
        var rows = new float[Tried * Columns];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = i / Columns % 16;
            Feature feature = FeatureSchema.Columns[i % Columns];
            double near = random.NextNormal(), far = feature.Low + random.NextDouble() * (feature.High - feature.Low);
            rows[i] = row == 15 && random.NextInt(10) == 0 ? float.NaN : FeatureSchema.Clip(i % Columns, row == 7 ? far : near);
        }
        return rows;
    }
}
