using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuadTurbo.Learning.Onnx;

/// <summary>A small feed-forward network, compiled: rows in, one number a row out. Immutable; any number of threads may run it. Allocates nothing.</summary>
/// <remarks>
/// Each row is computed by itself, in one order of additions, with fused multiply-adds: it has the same bits alone, in any batch and on any
/// processor, up to exp. A general runtime costs a single row by the node; this costs it by the multiplication (32-64-1: about 0.1 µs of 2.5).
/// Reads what <see cref="OnnxNetwork"/> writes and other chains of the same operations; anything else is the general runtime's.
/// </remarks>
public sealed class DenseNetwork
{
    /// <summary>Above so many weights a general runtime's blocked matrix product is the better way.</summary>
    public const int MostWeights = 1 << 14;

    /// <summary>Columns of a row or of a layer, at most.</summary>
    public const int MostWidth = 512;

    private readonly Step[] _steps;
    private readonly int _width;

    private DenseNetwork(Step[] steps, int columns)
    {
        _steps = steps;
        Columns = columns;
        _width = Math.Max(Padded(columns), steps.Max(s => Padded(s.Width)));
    }

    /// <summary>Columns of a row.</summary>
    public int Columns { get; }

    /// <summary>The network in a .onnx file that ONNX itself accepts; null where it is another graph than a chain of what is known here.</summary>
    /// <param name="model">The bytes of the file.</param>
    /// <param name="input">Name of the input, [rows, <paramref name="columns"/>].</param>
    /// <param name="output">Name of the output, [rows, 1].</param>
    /// <param name="columns">Columns of a row.</param>
    public static DenseNetwork? TryRead(ReadOnlySpan<byte> model, string input, string output, int columns) =>
        OnnxChain.TryRead(model, input, output, columns) is { } steps && steps[^1].Width == 1 ? new DenseNetwork(steps, columns) : null;

    /// <summary>The output for every row.</summary>
    /// <param name="rows">[rows, <see cref="Columns"/>], row-major.</param>
    /// <param name="outputs">[rows], filled.</param>
    [SkipLocalsInit]
    public void Run(ReadOnlySpan<float> rows, Span<float> outputs)
    {
        if (rows.Length != outputs.Length * Columns) throw new ArgumentException($"{rows.Length} numbers for {outputs.Length} rows of {Columns}", nameof(rows));
        Span<float> one = stackalloc float[_width], other = stackalloc float[_width];
        for (int r = 0; r < outputs.Length; r++)
        {
            Span<float> now = one, next = other;
            rows.Slice(r * Columns, Columns).CopyTo(now);
            foreach (Step step in _steps)
            {
                if (!step.Apply(now, next)) continue;
                Span<float> done = now;
                now = next;
                next = done;
            }
            outputs[r] = now[0];
        }
    }

    private static int Padded(int width) => (width + Vector512<float>.Count - 1) / Vector512<float>.Count * Vector512<float>.Count;

    /// <summary>One operation of the chain.</summary>
    /// <param name="Width">Columns of its result.</param>
    internal abstract record Step(int Width)
    {
        /// <summary>Computes the result in place, or into <paramref name="other"/>; true for the latter.</summary>
        public abstract bool Apply(Span<float> values, Span<float> other);
    }

    /// <summary>NaN becomes a number.</summary>
    internal sealed record Fill(float[] Values) : Step(Values.Length)
    {
        public override bool Apply(Span<float> values, Span<float> other)
        {
            for (int i = 0; i < Values.Length; i++)
                if (float.IsNaN(values[i])) values[i] = Values[i];
            return false;
        }
    }

    /// <summary>Column by column a x + b.</summary>
    internal sealed record Scale(float[] Factors, float[] Terms) : Step(Factors.Length)
    {
        public override bool Apply(Span<float> values, Span<float> other)
        {
            for (int i = 0; i < Factors.Length; i++) values[i] = values[i] * Factors[i] + Terms[i];
            return false;
        }
    }

    /// <summary>max(0, x); NaN stays.</summary>
    internal sealed record Rectify(int Columns) : Step(Columns)
    {
        public override bool Apply(Span<float> values, Span<float> other)
        {
            for (int i = 0; i < Columns; i++) values[i] = MathF.Max(values[i], 0);
            return false;
        }
    }

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
    internal sealed record Sigmoid(int Columns) : Step(Columns)
    {
        public override bool Apply(Span<float> values, Span<float> other)
        {
            for (int i = 0; i < Columns; i++) values[i] = (float)(1 / (1 + Math.Exp(-(double)values[i])));
            return false;
        }
    }

    /// <summary>x W + b. One output is a dot product over sixteen lanes, several are sums down the rows of W.</summary>
    internal sealed record Layer : Step
    {
        private readonly int _inputs, _stride;
        private readonly float[] _weights, _biases; // [inputs, stride], [stride]; of one output [padded inputs], [1]

        public Layer(ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, int inputs, int outputs) : base(outputs)
        {
            _inputs = inputs;
            if (outputs == 1)
            {
                _weights = new float[Padded(inputs)];
                weights.CopyTo(_weights);
                _biases = biases.ToArray();
                return;
            }
            _stride = Padded(outputs);
            _weights = new float[inputs * _stride];
            _biases = new float[_stride];
            biases.CopyTo(_biases);
            for (int i = 0; i < inputs; i++) weights.Slice(i * outputs, outputs).CopyTo(_weights.AsSpan(i * _stride));
        }

        public override bool Apply(Span<float> values, Span<float> other)
        {
            if (Width == 1)
            {
                other[0] = Dot(values) + _biases[0];
                return true;
            }
            int j = 0;
            for (; j + 4 * Vector512<float>.Count <= _stride; j += 4 * Vector512<float>.Count) FourVectors(values, other, j);
            for (; j < _stride; j += Vector512<float>.Count) OneVector(values, other, j);
            return true;
        }

        private float Dot(Span<float> values)
        {
            values[_inputs.._weights.Length].Clear();
            ref float x = ref MemoryMarshal.GetReference(values), w = ref MemoryMarshal.GetArrayDataReference(_weights);
            Vector512<float> sum = default;
            for (nuint i = 0; i < (nuint)_weights.Length; i += (nuint)Vector512<float>.Count)
                sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref w, i), sum);
            // Halves are added in one order, whatever the processor's own is.
            Vector256<float> eight = sum.GetLower() + sum.GetUpper();
            Vector128<float> four = eight.GetLower() + eight.GetUpper();
            return (four[0] + four[2]) + (four[1] + four[3]);
        }

        private void FourVectors(ReadOnlySpan<float> values, Span<float> result, int j)
        {
            const int lanes = 16;
            ref float w = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), j);
            ref float b = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_biases), j);
            Vector512<float> s0 = Vector512.LoadUnsafe(ref b), s1 = Vector512.LoadUnsafe(ref b, lanes);
            Vector512<float> s2 = Vector512.LoadUnsafe(ref b, 2 * lanes), s3 = Vector512.LoadUnsafe(ref b, 3 * lanes);
            for (int i = 0; i < _inputs; i++, w = ref Unsafe.Add(ref w, _stride))
            {
                Vector512<float> x = Vector512.Create(values[i]);
                s0 = Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref w), s0);
                s1 = Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref w, lanes), s1);
                s2 = Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref w, 2 * lanes), s2);
                s3 = Vector512.FusedMultiplyAdd(x, Vector512.LoadUnsafe(ref w, 3 * lanes), s3);
            }
            ref float y = ref result[j];
            s0.StoreUnsafe(ref y);
            s1.StoreUnsafe(ref y, lanes);
            s2.StoreUnsafe(ref y, 2 * lanes);
            s3.StoreUnsafe(ref y, 3 * lanes);
        }

        private void OneVector(ReadOnlySpan<float> values, Span<float> result, int j)
        {
            ref float w = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), j);
            Vector512<float> sum = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_biases), (nuint)j);
            for (int i = 0; i < _inputs; i++, w = ref Unsafe.Add(ref w, _stride))
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(values[i]), Vector512.LoadUnsafe(ref w), sum);
            sum.StoreUnsafe(ref result[j]);
        }
    }
}
