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
    private byte[] _buffer = new byte[1 << 16];
    private int _length;

    /// <summary>The hash so far, lower-case hex.</summary>
    public string Value
    {
        get
        {
            Flush();
            return Convert.ToHexStringLower(_hash.GetCurrentHash());
        }
    }

    /// <summary>Adds the next decision in feed order.</summary>
    public void Add(Decision decision)
    {
        if (_length > _buffer.Length / 2) Flush();
        BinaryPrimitives.WriteUInt64BigEndian(Room(8), decision.Id.High);
        BinaryPrimitives.WriteUInt64BigEndian(Room(8), decision.Id.Low);
        Room(1)[0] = decision.Passed ? (byte)1 : (byte)0;
        ReadOnlySpan<GateResult> gates = decision.Gates.Span;
        for (int i = 0; i < gates.Length; i++)
        {
            Room(1)[0] = (byte)gates[i].State;
            BinaryPrimitives.WriteDoubleBigEndian(Room(8), gates[i].Measured);
            BinaryPrimitives.WriteDoubleBigEndian(Room(8), gates[i].Limit);
            if (gates[i].State == GateState.Fail) Text(decision.Policy.Gates[i].ReasonOf(gates[i]));
        }
        BinaryPrimitives.WriteDoubleBigEndian(Room(8), decision.Score);
        Text(decision.Model.Id);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(Room(4), bytes);
        Encoding.UTF8.GetBytes(text, Room(bytes));
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        Span<byte> room = _buffer.AsSpan(_length, count);
        _length += count;
        return room;
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _length);
        _length = 0;
    }
}
