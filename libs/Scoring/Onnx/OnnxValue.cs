using System.Text;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>An input or output as a file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsTensor">False for a sequence, a map or nothing.</param>
/// <param name="Type">TensorProto.DataType of a tensor; 1 is float32.</param>
/// <param name="Shape">Its dimensions, 0 for one that is not fixed; null when it says none.</param>
internal sealed record OnnxValue(string Name, bool IsTensor, long Type, long[]? Shape)
{
    private const int MostDimensions = 16;

    public bool IsFloat => IsTensor && Type == 1;

    /// <exception cref="InvalidDataException">The bytes do not read.</exception>
    public static OnnxValue Read(ReadOnlySpan<byte> message)
    {
        const int type = 2, tensor = 1;
        var value = new OnnxValue(OnnxFile.TextOf(message, 1), false, 0, null);
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            if (fields.Number != type) continue;
            var kinds = new ProtoFields(fields.Bytes);
            while (kinds.Next())
                value = kinds.Number == tensor ? ReadTensor(value.Name, kinds.Bytes) : value with { IsTensor = false };
        }
        return value;
    }

    public override string ToString() =>
        $"'{Plain(Name)}' {(IsTensor ? $"of type {Type} [{Dimensions()}]" : "that is no tensor (a sequence or map: export without ZipMap)")}";

    private static OnnxValue ReadTensor(string name, ReadOnlySpan<byte> message)
    {
        const int elementType = 1, shape = 2, dim = 1, number = 1;
        long type = 0;
        List<long>? dims = null;
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            if (fields.Number == elementType) type = (long)fields.Value;
            if (fields.Number != shape) continue;
            dims ??= [];
            var sizes = new ProtoFields(fields.Bytes);
            while (sizes.Next())
            {
                if (sizes.Number != dim) continue;
                long size = 0;
                var parts = new ProtoFields(sizes.Bytes);
                while (parts.Next())
                    if (parts.Number == number) size = (long)parts.Value;
                dims.Add(Math.Max(0, size));
                if (dims.Count > MostDimensions) throw new InvalidDataException("a value has too many dimensions");
            }
        }
        return new OnnxValue(name, true, type, dims?.ToArray());
    }

    private string Dimensions() => Shape is null ? "?" : string.Join(", ", Shape.Select(d => d == 0 ? "?" : $"{d}"));

    /// <summary>A name from a file in a message for people: at most 40 printable characters.</summary>
    internal static string Plain(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name.Take(40)) text.Append(c is >= ' ' and <= '~' ? c : '?');
        return text.ToString();
    }
}
