using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace QuadTurbo.Gateway.Live;

/// <summary>
/// Writes a message as it goes over the wire: one unmasked WebSocket frame around the envelope <c>{type,seq,ts,data}</c>, the same bytes for every client.
/// </summary>
/// <remarks>Source: RFC 6455, section 5.2.</remarks>
internal static class StreamFrame
{
    /// <summary>Bytes of a frame beside the data, at most.</summary>
    public const int Overhead = 10 + 96;

    /// <summary>A ping without data.</summary>
    public static readonly byte[] Ping = [0x89, 0];

    private const byte Text = 0x81, Close = 0x88;

    private static readonly byte[][] Heads =
        [.. Enum.GetNames<StreamType>().Select(name => Encoding.ASCII.GetBytes($$"""{"type":"{{name.ToLowerInvariant()}}","seq":"""))];

    /// <summary>Writes the frame.</summary>
    /// <param name="to">At least <paramref name="data"/> and <see cref="Overhead"/> long.</param>
    /// <param name="type">What it is about.</param>
    /// <param name="seq">Its place in the log; of what is not in it, the last place that the client has been sent.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="data">JSON.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> to, StreamType type, long seq, DateTime at, ReadOnlySpan<byte> data)
    {
        Span<byte> before = stackalloc byte[96];
        int n = 0;
        Put(before, Heads[(int)type], ref n);
        Utf8Formatter.TryFormat(seq, before[n..], out int digits);
        n += digits;
        Put(before, ",\"ts\":\""u8, ref n);
        at.TryFormat(before[n..], out int written, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        n += written;
        Put(before, "\",\"data\":"u8, ref n);
        int length = n + data.Length + 1, at0 = WriteHead(to, Text, length);
        before[..n].CopyTo(to[at0..]);
        data.CopyTo(to[(at0 + n)..]);
        to[at0 + length - 1] = (byte)'}';
        return at0 + length;
    }

    /// <summary>A close frame.</summary>
    /// <param name="code">RFC 6455, section 7.4.</param>
    /// <param name="reason">At most 123 ASCII characters.</param>
    public static byte[] CloseOf(int code, string reason)
    {
        byte[] frame = new byte[4 + reason.Length];
        frame[0] = Close;
        frame[1] = (byte)(2 + reason.Length);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)code);
        Encoding.ASCII.GetBytes(reason, frame.AsSpan(4));
        return frame;
    }

    private static int WriteHead(Span<byte> to, byte opcode, int length)
    {
        to[0] = opcode;
        switch (length)
        {
            case < 126:
                to[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                to[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
                return 4;
            default:
                to[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(to[2..], (ulong)length);
                return 10;
        }
    }

    private static void Put(Span<byte> to, ReadOnlySpan<byte> bytes, ref int n)
    {
        bytes.CopyTo(to[n..]);
        n += bytes.Length;
    }
}
