using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuadTurbo.Learning.Online;

/// <summary>All that a binned logistic model knows of one feature, side by side in memory: two cache lines.</summary>
internal struct BinnedColumn
{
    public double Mean;
    public double InverseDeviation;
    public double RawWeight;
    public BinRow BinWeights;
    private CutRow _cuts;

    /// <summary>A column that has seen nothing: no cuts, and 0 everywhere.</summary>
    public static BinnedColumn Empty
    {
        get
        {
            var column = default(BinnedColumn);
            column.SetCuts([]);
            return column;
        }
    }

    /// <summary>The cuts, ascending.</summary>
    public readonly float[] Cuts
    {
        get
        {
            ReadOnlySpan<float> row = _cuts;
            int count = row[1..].IndexOf(float.NaN);
            return row.Slice(1, count < 0 ? BinnedLogistic.MostCuts : count).ToArray();
        }
    }

    /// <summary>Slot 0 is below every finite number; slots without a cut are NaN, which is below nothing.</summary>
    /// <exception cref="ArgumentException">Too many cuts, or they are not finite and ascending.</exception>
    public void SetCuts(ReadOnlySpan<float> cuts)
    {
        if (cuts.Length > BinnedLogistic.MostCuts) throw new ArgumentException($"{cuts.Length} cuts, limit {BinnedLogistic.MostCuts}", nameof(cuts));
        Span<float> row = _cuts;
        row.Fill(float.NaN);
        row[0] = float.MinValue;
        for (int i = 0; i < cuts.Length; i++)
        {
            if (!float.IsFinite(cuts[i]) || (i > 0 && cuts[i] <= cuts[i - 1]))
                throw new ArgumentException($"cut {i} is {cuts[i]}: cuts are finite and ascend", nameof(cuts));
            row[i + 1] = cuts[i];
        }
    }

    /// <summary>0 when <paramref name="x"/> is missing, else 1 + #{cuts ≤ x}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int BinOf(float x)
    {
        var row = Vector256.LoadUnsafe(in MemoryMarshal.GetReference((ReadOnlySpan<float>)_cuts));
        int bin = BitOperations.PopCount(Vector256.LessThanOrEqual(row, Vector256.Create(x)).ExtractMostSignificantBits());
        return float.IsFinite(x) ? bin : 0;
    }

    /// <summary>(x − mean) / sd within ± <see cref="BinnedLogistic.MostDeviations"/>; 0 when missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly double Standardise(float x)
    {
        // Of a finite x the product is a number, so the native minimum and maximum give the same bits everywhere.
        double z = double.MinNative(double.MaxNative((x - Mean) * InverseDeviation, -BinnedLogistic.MostDeviations), BinnedLogistic.MostDeviations);
        return float.IsFinite(x) ? z : 0;
    }

    [InlineArray(BinnedLogistic.Bins)]
    public struct BinRow
    {
        private double _first;
    }

    [InlineArray(1 + BinnedLogistic.MostCuts)]
    private struct CutRow
    {
        private float _first;
    }
}
