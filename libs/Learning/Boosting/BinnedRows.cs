using System.Runtime.CompilerServices;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Rows as bins, one byte each: by rows for sums over all features, by columns for moving rows to a side.</summary>
/// <remarks>
/// Features stand in blocks of eight, one 8-byte read; the last block is filled with features of bin 0, which nothing can split.
/// ByRow: [Count, Blocks · 8]; ByColumn: [Features, Count].
/// </remarks>
internal sealed unsafe class BinnedRows : IDisposable
{
    public const int BlockFeatures = 8;

    // The numbers of so many rows stay in the second-level cache while each feature passes over them.
    private const int TileRows = 512;
    private const int TableCuts = 255;
    private readonly NativeBuffer<byte> _byRow;
    private readonly NativeBuffer<byte> _byColumn;
    private readonly bool[] _missing;

    public BinnedRows(TrainingRows rows, QuantileCuts cuts, int threads)
    {
        (Count, Features, Cuts) = (rows.Count, rows.Features, cuts);
        Blocks = (Features + BlockFeatures - 1) / BlockFeatures;
        _byRow = new((long)Count * Stride);
        _byColumn = new((long)Count * Features);
        _missing = new bool[Features];
        float[] table = Table(cuts);
        int tiles = (Count + TileRows - 1) / TileRows;
        Work.Split(tiles, threads, (first, end) =>
        {
            fixed (float* values = rows.Values.Span, tables = table)
                for (int tile = first; tile < end; tile++) BinTile(values, tables, tile * TileRows, Math.Min(Count, (tile + 1) * TileRows));
        });
    }

    public int Count { get; }

    public int Features { get; }

    /// <summary>Blocks of eight features.</summary>
    public int Blocks { get; }

    /// <summary>Bytes of a row.</summary>
    public int Stride => Blocks * BlockFeatures;

    public QuantileCuts Cuts { get; }

    public byte* ByRow => _byRow.Pointer;

    public byte* Column(int feature) => _byColumn.Pointer + (long)feature * Count;

    /// <summary>Whether a value of the feature is missing.</summary>
    public bool HasMissing(int feature) => _missing[feature];

    public void Dispose()
    {
        _byRow.Dispose();
        _byColumn.Dispose();
    }

    // [Features, 256] cuts; NaN behind the last, which no value reaches.
    private static float[] Table(QuantileCuts cuts)
    {
        var table = new float[cuts.Features * (TableCuts + 1)];
        Array.Fill(table, float.NaN);
        for (int f = 0; f < cuts.Features; f++) cuts[f].CopyTo(table.AsSpan(f * (TableCuts + 1)));
        return table;
    }

    private void BinTile(float* values, float* tables, int first, int end)
    {
        for (int f = 0; f < Features; f++)
            if (BinColumn(values + f, tables + f * (TableCuts + 1), f, first, end)) _missing[f] = true;
        for (int f = Features; f < Stride; f++)
            for (int row = first; row < end; row++) ByRow[(long)row * Stride + f] = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool BinColumn(float* values, float* cuts, int feature, int first, int end)
    {
        byte* byRow = ByRow + feature;
        byte* byColumn = Column(feature);
        long stride = Stride;
        int features = Features;
        uint missing = 0;
        for (int row = first; row < end; row++)
        {
            float value = values[(long)row * features];
            uint bin = 0;
            for (uint step = 128; step > 0; step >>= 1) bin += step * AsOne(cuts[bin + step - 1] <= value);
            uint unknown = AsOne(float.IsNaN(value));
            missing |= unknown;
            bin |= unknown * QuantileCuts.MissingBin;
            byRow[row * stride] = (byte)bin;
            byColumn[row] = (byte)bin;
        }
        return missing != 0;
    }

    // Without a branch: half of the comparisons would be foretold wrong.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AsOne(bool yes) => Unsafe.BitCast<bool, byte>(yes);
}
