using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuadTurbo.Scoring.Trees;

/// <summary>Turns 64 rows of numbers into columns of 64 bins: AVX-512.</summary>
/// <remarks>
/// A feature's cuts lie in buckets of 8: bucket p holds cuts 8p .. 8p + 7. A binary search for the bucket runs over splitters kept in one
/// register (16 buckets) or two (32), where a lookup is a permutation; then 7 comparisons count within it, each against stripe s, the table
/// of the buckets' cuts 8p + s. NaN fills the tables up and compares as false: never counted.
/// Row r of a column is byte 16·(r/4 mod 4) + 4·(r/16) + r mod 4: where packing four registers of 16 counts puts it, and where unpacking
/// leaf bytes to floats brings it back.
/// </remarks>
internal sealed unsafe class VbmiBins
{
    private const int Rows = VbmiBlock.Rows;
    private const int Buckets = 32;
    private const int Bucket = 8;
    private const int Narrow = 16 * Bucket - 1;
    private const int Table = Buckets + (Bucket - 1) * Buckets;
    private readonly int _features;
    private readonly Feature[] _read;
    private readonly bool[] _wide;
    private readonly PinnedTable<float> _tables;

    public VbmiBins(ByteTrees trees)
    {
        _features = trees.Layout.Features;
        _read = Feature.Of(trees.Layout.Columns, none: -1);
        _wide = [.. _read.Select(f => trees.Cuts[f.Index]!.Count > Narrow)];
        _tables = new PinnedTable<float>(_read.Length * Table);
        for (int i = 0; i < _read.Length; i++)
        {
            CutTable cuts = trees.Cuts[_read[i].Index]!;
            float* splitters = _tables.At + i * Table, stripes = splitters + Buckets;
            for (int p = 0; p < Buckets; p++)
            {
                splitters[p] = cuts[p * Bucket + Bucket - 1];
                for (int s = 0; s < Bucket - 1; s++) stripes[s * Buckets + p] = cuts[p * Bucket + s];
            }
        }
    }

    /// <summary>Writes the bins of 64 rows.</summary>
    /// <param name="rows">[64, features].</param>
    /// <param name="bins">[columns, 64], on a cache line.</param>
    [SkipLocalsInit]
    public void Fill(float* rows, byte* bins)
    {
        float* space = stackalloc float[4 * Rows + 16];
        float* four = (float*)PinnedTable<float>.CacheLine((byte*)space);
        int turned = -1; // the four features from here lie turned in `four`
        for (int i = 0; i < _read.Length; i++)
        {
            Feature feature = _read[i];
            int first = Math.Max(0, Math.Min(feature.Index & ~3, _features - 4));
            if (first != turned) Turn(rows + first, turned = first, four);
            float* numbers = four + (feature.Index - first) * Rows;
            float* table = _tables.At + i * Table;
            Vector512<float> x0 = Vector512.LoadAligned(numbers), x1 = Vector512.LoadAligned(numbers + 16);
            Vector512<float> x2 = Vector512.LoadAligned(numbers + 32), x3 = Vector512.LoadAligned(numbers + 48);
            Vector512<byte> counts = _wide[i]
                ? Pack(Count32(x0, table), Count32(x1, table), Count32(x2, table), Count32(x3, table))
                : Pack(Count16(x0, table), Count16(x1, table), Count16(x2, table), Count16(x3, table));
            if (feature.Left >= 0) counts.StoreAligned(bins + feature.Left * Rows);
            if (feature.Right >= 0) (counts | Pack(Missing(x0), Missing(x1), Missing(x2), Missing(x3))).StoreAligned(bins + feature.Right * Rows);
        }
    }

    /// <summary>Four features of 64 rows, one feature after the other.</summary>
    private void Turn(float* rows, int first, float* four)
    {
        if (_features < 4)
        {
            for (int f = first; f < _features; f++)
                for (int r = 0; r < Rows; r++) four[f * Rows + r] = rows[r * _features + f];
            return;
        }
        for (int r = 0; r < Rows; r += 16, rows += 16 * _features, four += 16)
        {
            Vector512<float> a = Every4th(rows), b = Every4th(rows + _features);
            Vector512<float> c = Every4th(rows + 2 * _features), d = Every4th(rows + 3 * _features);
            Vector512<double> abLow = Avx512F.UnpackLow(a, b).AsDouble(), abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
            Vector512<double> cdLow = Avx512F.UnpackLow(c, d).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
            Avx512F.UnpackLow(abLow, cdLow).AsSingle().StoreAligned(four);
            Avx512F.UnpackHigh(abLow, cdLow).AsSingle().StoreAligned(four + Rows);
            Avx512F.UnpackLow(abHigh, cdHigh).AsSingle().StoreAligned(four + 2 * Rows);
            Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle().StoreAligned(four + 3 * Rows);
        }
    }

    /// <summary>Four numbers of this row and of the 4th, 8th and 12th after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Every4th(float* row)
    {
        nint step = 4 * _features;
        return Vector512.Create(
            Vector256.Create(Vector128.Load(row), Vector128.Load(row + step)),
            Vector256.Create(Vector128.Load(row + 2 * step), Vector128.Load(row + 3 * step)));
    }

    /// <summary>#{cuts ≤ x} of a feature with 127 cuts or less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Count16(Vector512<float> x, float* table)
    {
        Vector512<float> splitters = Vector512.LoadAligned(table);
        Vector512<int> p = Add(Vector512<int>.Zero, 8, Vector512.Create(table[7]), x);
        p = Add(p, 4, Avx512F.PermuteVar16x32(splitters, p + Vector512.Create(3)), x);
        p = Add(p, 2, Avx512F.PermuteVar16x32(splitters, p + Vector512.Create(1)), x);
        p = Add(p, 1, Avx512F.PermuteVar16x32(splitters, p), x);
        Vector512<int> count = p << 3;
        for (int s = 1; s < Bucket; s++) count = Add(count, 1, Avx512F.PermuteVar16x32(Vector512.LoadAligned(table + s * Buckets), p), x);
        return count;
    }

    /// <summary>#{cuts ≤ x} of a feature with 255 cuts or less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Count32(Vector512<float> x, float* table)
    {
        Vector512<int> p = Add(Vector512<int>.Zero, 16, Vector512.Create(table[15]), x);
        p = Add(p, 8, Lookup32(table, p + Vector512.Create(7)), x);
        p = Add(p, 4, Lookup32(table, p + Vector512.Create(3)), x);
        p = Add(p, 2, Lookup32(table, p + Vector512.Create(1)), x);
        p = Add(p, 1, Lookup32(table, p), x);
        Vector512<int> count = p << 3;
        for (int s = 1; s < Bucket; s++) count = Add(count, 1, Lookup32(table + s * Buckets, p), x);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lookup32(float* table, Vector512<int> at) =>
        Avx512F.PermuteVar16x32x2(Vector512.LoadAligned(table), at, Vector512.LoadAligned(table + 16));

    /// <summary>Adds <paramref name="step"/> where the cut ≤ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Add(Vector512<int> count, int step, Vector512<float> cut, Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.LessThanOrEqual(cut, x).AsInt32(), count + Vector512.Create(step), count);

    /// <summary>255 where x is NaN, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Missing(Vector512<float> x) => Vector512.AndNot(Vector512.Create(255), Vector512.Equals(x, x).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Pack(Vector512<int> n0, Vector512<int> n1, Vector512<int> n2, Vector512<int> n3) => Avx512BW.PackUnsignedSaturate(
        Avx512BW.PackUnsignedSaturate(n0, n1).AsInt16(), Avx512BW.PackUnsignedSaturate(n2, n3).AsInt16());
}
