using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Audit;

/// <summary>SHA-256 over (id, verdict, reasons, gate values and limits, score, model id) of every detected opportunity, in feed order.</summary>
/// <remarks>No path, wall clock or duration goes in: same feed, settings and seed give the same hash on any machine.</remarks>
public sealed class DecisionHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[2048];

    /// <summary>The hash so far, lower-case hex.</summary>
    public string Value => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Adds the next decision in feed order.</summary>
    public void Add(Decision decision)
    {
        int length = 0;
        BinaryPrimitives.WriteUInt64BigEndian(Room(ref length, 8), decision.Id.High);
        BinaryPrimitives.WriteUInt64BigEndian(Room(ref length, 8), decision.Id.Low);
        Room(ref length, 1)[0] = decision.Passed ? (byte)1 : (byte)0;
        ReadOnlySpan<GateResult> gates = decision.Gates.Span;
        for (int i = 0; i < gates.Length; i++)
        {
            Room(ref length, 1)[0] = (byte)gates[i].State;
            BinaryPrimitives.WriteDoubleBigEndian(Room(ref length, 8), gates[i].Measured);
            BinaryPrimitives.WriteDoubleBigEndian(Room(ref length, 8), gates[i].Limit);
            if (gates[i].State == GateState.Fail) Text(ref length, decision.Policy.Gates[i].ReasonOf(gates[i]));
        }
        BinaryPrimitives.WriteDoubleBigEndian(Room(ref length, 8), decision.Score);
        Text(ref length, decision.Model.Id);
        _hash.AppendData(_buffer, 0, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Text(ref int length, string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(Room(ref length, 4), bytes);
        Encoding.UTF8.GetBytes(text, Room(ref length, bytes));
    }

    private Span<byte> Room(ref int length, int count)
    {
        if (_buffer.Length - length < count) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, length + count));
        Span<byte> room = _buffer.AsSpan(length, count);
        length += count;
        return room;
    }
}
