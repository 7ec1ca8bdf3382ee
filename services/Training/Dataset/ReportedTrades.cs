using System.Buffers.Binary;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>Which trades of other programs were learnt from, with a digest of each report: the last <see cref="Most"/>. Not thread-safe.</summary>
public sealed class ReportedTrades
{
    /// <summary>Trades that are remembered; the oldest gives way. All of them are one value of the state store.</summary>
    public const int Most = 30_000;

    private const int Size = 32;
    private readonly Dictionary<OpportunityId, UInt128> _known = [];
    private readonly Queue<OpportunityId> _order = new();

    /// <summary>Digest of what was reported of <paramref name="trade"/>; null when nothing was.</summary>
    public UInt128? DigestOf(OpportunityId trade) => _known.TryGetValue(trade, out UInt128 digest) ? digest : null;

    /// <summary>Remembers a report; false when its trade is known.</summary>
    public bool TryAdd(OutcomeReported reported) => TryAdd(reported.Id, reported.Digest);

    /// <summary>All of them, the oldest first, 32 bytes each.</summary>
    public byte[] Save()
    {
        byte[] saved = new byte[_order.Count * Size];
        Span<byte> rest = saved;
        foreach (OpportunityId trade in _order)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, trade.High);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], trade.Low);
            BinaryPrimitives.WriteUInt128LittleEndian(rest[16..], _known[trade]);
            rest = rest[Size..];
        }
        return saved;
    }

    /// <summary>Takes up what <see cref="Save"/> made; what is no whole trade at its end is passed over.</summary>
    public void Restore(ReadOnlySpan<byte> saved)
    {
        for (; saved.Length >= Size; saved = saved[Size..])
        {
            var trade = new OpportunityId(BinaryPrimitives.ReadUInt64LittleEndian(saved), BinaryPrimitives.ReadUInt64LittleEndian(saved[8..]));
            TryAdd(trade, BinaryPrimitives.ReadUInt128LittleEndian(saved[16..]));
        }
    }

    private bool TryAdd(OpportunityId trade, UInt128 digest)
    {
        if (!_known.TryAdd(trade, digest)) return false;
        _order.Enqueue(trade);
        if (_order.Count > Most) _known.Remove(_order.Dequeue());
        return true;
    }
}
