using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace QuadTurbo.Libs.Tests.Learning.Onnx;

/// <summary>A protobuf message taken apart by field number, without a schema: what another reader would see.</summary>
internal sealed class Message
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public Message(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            ulong key = Varint(bytes, ref at);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, Varint(bytes, ref at), []));
                    break;
                case 2:
                    int length = (int)Varint(bytes, ref at);
                    _fields.Add((field, 0, bytes[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)), bytes[at..(at + 4)]));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    public long Number(int field) => (long)_fields.LastOrDefault(f => f.Field == field).Number;

    public string Text(int field) => Texts(field).LastOrDefault() ?? "";

    public string[] Texts(int field) => [.. Parts(field).Select(Encoding.UTF8.GetString)];

    public Message[] Messages(int field) => [.. Parts(field).Select(b => new Message(b))];

    public float[] Floats(int field) => MemoryMarshal.Cast<byte, float>(Bytes(field)).ToArray();

    public byte[] Bytes(int field) => [.. Parts(field).SelectMany(b => b)];

    /// <summary>Packed whole numbers.</summary>
    public long[] Numbers(int field)
    {
        byte[] packed = Bytes(field);
        var numbers = new List<long>();
        for (int at = 0; at < packed.Length;) numbers.Add((long)Varint(packed, ref at));
        return [.. numbers];
    }

    private IEnumerable<byte[]> Parts(int field) => _fields.Where(f => f.Field == field).Select(f => f.Bytes);

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            value |= (ulong)(bytes[at] & 127) << shift;
            if (bytes[at++] < 128) return value;
        }
    }
}
