namespace QuadTurbo.Scoring.Onnx;

/// <summary>Checks that a tensor of a file holds the elements that its shape claims.</summary>
internal static class OnnxTensorCheck
{
    private const long MostElements = 1L << 28;
    private const int MostDimensions = 16;

    // Fields of TensorProto. Each typed list with the bytes of a number, 0 for varints.
    private const int Dims = 1, DataType = 2, Segment = 3, Raw = 9, ExternalData = 13, DataLocation = 14;
    private static readonly (int Field, int Width)[] Lists = [(4, 4), (5, 0), (7, 0), (10, 8), (11, 0)];
    private const int Texts = 6;

    /// <summary>Throws unless the tensor's own bytes hold all of it.</summary>
    /// <exception cref="ModelRefusedException">They do not, its data are in another file, or it is larger than 2²⁸ elements.</exception>
    /// <exception cref="InvalidDataException">The bytes do not read.</exception>
    public static void Check(ReadOnlySpan<byte> tensor)
    {
        var dims = new List<long>();
        long type = 0, held = 0, raw = -1;
        var fields = new ProtoFields(tensor);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case Dims:
                    if (dims.Count + fields.CountNumbers(0) > MostDimensions) throw new InvalidDataException("a tensor has too many dimensions");
                    fields.AddVarintsTo(dims);
                    break;
                case DataType: type = (long)fields.Value; break;
                case Raw: raw = fields.Bytes.Length; break;
                case Texts: held++; break;
                case Segment: throw new ModelRefusedException("a tensor", "whole", "a segment of a larger one");
                case ExternalData or DataLocation:
                    if (fields.Number == DataLocation && fields.Value == 0) break;
                    throw new ModelRefusedException("the data of a tensor", "within the file", "in another file");
                default:
                    foreach ((int field, int width) in Lists)
                        if (field == fields.Number) held += fields.CountNumbers(width);
                    break;
            }
        }
        int size = SizeOf(type);
        long claimed = Claimed(dims);
        if (raw >= 0) held = size > 0 ? raw / size : 0;
        if (claimed > held) throw new ModelRefusedException("a tensor", $"as large as its shape {Shown(dims)} says", $"{held} elements long");
    }

    private static long Claimed(List<long> dims)
    {
        Int128 elements = 1;
        foreach (long dim in dims)
        {
            if (dim is < 0 or > MostElements) throw new ModelRefusedException("a dimension of a tensor", $"0 to {MostElements}", $"{dim}");
            elements *= dim;
            if (elements > MostElements) throw new ModelRefusedException("the size of a tensor", $"{MostElements} elements or fewer", Shown(dims));
        }
        return (long)elements;
    }

    private static string Shown(List<long> dims) => $"[{string.Join(", ", dims)}]";

    /// <summary>Bytes of an element in raw data, by TensorProto.DataType; 0 for text.</summary>
    private static int SizeOf(long type) => type switch
    {
        2 or 3 or 9 => 1,
        4 or 5 or 10 or 16 => 2,
        1 or 6 or 12 => 4,
        7 or 11 or 13 => 8,
        8 => 0,
        _ => throw new ModelRefusedException("the type of a tensor", "a number of 8 to 64 bits, a flag or text", $"{type}"),
    };
}
