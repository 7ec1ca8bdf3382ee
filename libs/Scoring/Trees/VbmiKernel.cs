using System.Runtime.CompilerServices;

namespace QuadTurbo.Scoring.Trees;

/// <summary>AVX-512 VBMI: blocks of 64 rows where there are many, one row at a time where there are few.</summary>
internal sealed unsafe class VbmiKernel : ITreeKernel
{
    private const int Rows = VbmiBlock.Rows;

    /// <summary>From this many rows on a block costs less than the rows one by one.</summary>
    private const int Few = 16;

    private readonly VbmiBlock _block;
    private readonly VbmiRow _row;
    private readonly int _features;

    public VbmiKernel(ByteTrees trees)
    {
        _features = trees.Layout.Features;
        _block = new VbmiBlock(trees);
        _row = new VbmiRow(trees);
    }

    public float Margin(ReadOnlySpan<float> row)
    {
        fixed (float* from = row) return _row.Margin(from);
    }

    public void Margins(ReadOnlySpan<float> rows, Span<float> margins)
    {
        int count = margins.Length, whole = count - count % Rows, rest = count - whole;
        fixed (float* from = rows, to = margins)
        {
            for (int i = 0; i < whole; i += Rows) _block.Margins(from + (nint)i * _features, to + i);
            float* last = from + (nint)whole * _features;
            if (rest < Few)
                for (int i = 0; i < rest; i++) to[whole + i] = _row.Margin(last + i * _features);
            else if (whole > 0) // a block that starts earlier writes some margins twice, with the same bits
                _block.Margins(from + (nint)(count - Rows) * _features, to + count - Rows);
            else Part(last, rest, to);
        }
    }

    /// <summary>A block filled up with whatever the stack holds, whose margins nobody reads.</summary>
    [SkipLocalsInit]
    private void Part(float* rows, int count, float* margins)
    {
        float* block = stackalloc float[Rows * _features];
        float* all = stackalloc float[Rows];
        Unsafe.CopyBlockUnaligned(block, rows, (uint)(count * _features * sizeof(float)));
        _block.Margins(block, all);
        Unsafe.CopyBlockUnaligned(margins, all, (uint)(count * sizeof(float)));
    }
}
