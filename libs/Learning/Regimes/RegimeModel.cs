using System.Buffers.Binary;

namespace QuadTurbo.Learning.Regimes;

/// <summary>A hidden Markov model whose states have names; immutable.</summary>
/// <remarks>
/// PANIC is the state with the highest mean volatility, if there are two or more. Of the others, if they are two or more,
/// TREND is the one whose mean drift is largest in absolute value. The rest are RANGE. Equal means: the earlier state.
/// The names are relative: a calm market has its PANIC too.
/// </remarks>
public sealed class RegimeModel
{
    // "QREG".
    private const uint Magic = 0x47455251;
    private const int HeaderBytes = 12;
    private readonly Regime[] _labels;

    /// <summary>Names the states of <paramref name="model"/> and sorts them: RANGE, TREND, PANIC, within a name by volatility.</summary>
    /// <param name="model">A model in any order of states.</param>
    /// <param name="volatilityColumn">Column that grows with volatility.</param>
    /// <param name="driftColumn">Column that leaves 0 when the market drifts, in either direction: a return, or an efficiency ratio.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no such column.</exception>
    public RegimeModel(HmmModel model, int volatilityColumn, int driftColumn)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(volatilityColumn);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(volatilityColumn, model.Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(driftColumn);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(driftColumn, model.Columns);
        (VolatilityColumn, DriftColumn) = (volatilityColumn, driftColumn);
        Regime[] labels = Name(model, volatilityColumn, driftColumn);
        int[] order = [.. Enumerable.Range(0, model.States).OrderBy(k => labels[k]).ThenBy(k => model.MeanOf(k, volatilityColumn))];
        Hmm = model.Reorder(order);
        _labels = [.. order.Select(k => labels[k])];
    }

    /// <summary>The model, its states sorted.</summary>
    public HmmModel Hmm { get; }

    /// <summary>The name of each state.</summary>
    public ReadOnlySpan<Regime> Labels => _labels;

    /// <summary>Column that grows with volatility.</summary>
    public int VolatilityColumn { get; }

    /// <summary>Column of the drift.</summary>
    public int DriftColumn { get; }

    /// <summary>Canonical bytes, little-endian: magic, volatility column, drift column (uint32 each), then <see cref="HmmModel.ToBytes"/>.</summary>
    public byte[] ToBytes()
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), VolatilityColumn);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), DriftColumn);
        return [.. header, .. Hmm.ToBytes()];
    }

    /// <summary>The model that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a model, are cut short or go on after it.</exception>
    public static RegimeModel FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new InvalidDataException("not a regime model");
        var model = HmmModel.FromBytes(bytes[HeaderBytes..]);
        int volatility = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), drift = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if ((uint)volatility >= (uint)model.Columns || (uint)drift >= (uint)model.Columns)
            throw new InvalidDataException($"a regime model that reads columns {volatility} and {drift} of {model.Columns}");
        return new RegimeModel(model, volatility, drift);
    }

    private static Regime[] Name(HmmModel model, int volatilityColumn, int driftColumn)
    {
        var labels = new Regime[model.States];
        if (model.States < 2) return labels;
        int panic = Enumerable.Range(0, model.States).MaxBy(k => model.MeanOf(k, volatilityColumn));
        labels[panic] = Regime.Panic;
        if (model.States < 3) return labels;
        int trend = Enumerable.Range(0, model.States).Where(k => k != panic).MaxBy(k => Math.Abs(model.MeanOf(k, driftColumn)));
        labels[trend] = Regime.Trend;
        return labels;
    }
}
