using System.Buffers.Binary;
using Google.Protobuf;

namespace QuadTurbo.Learning.Onnx;

/// <summary>A graph under construction: operations in the order in which they are added, constants beside them.</summary>
internal sealed class OnnxGraph(string name)
{
    /// <summary>IR version 8 carries default operators 17; both are old enough for any runtime of the last years.</summary>
    private const long IrVersion = 8, Operators = 17, LearningOperators = 3;

    private const int Float = 1, Long = 7, Double = 11;
    private const string Learning = "ai.onnx.ml";
    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>A float matrix [batch, <paramref name="columns"/>] that the caller gives.</summary>
    public string Input(string input, long columns)
    {
        _graph.Input.Add(Matrix(input, columns));
        return input;
    }

    /// <summary>Declares a value of shape [batch, 1] as an output.</summary>
    public void Output(string value) => _graph.Output.Add(Matrix(value, 1));

    /// <summary>A constant tensor; numbers are rounded to float32.</summary>
    public string Constant(string constant, IEnumerable<double> numbers, params ReadOnlySpan<long> shape)
    {
        float[] values = [.. numbers.Select(n => (float)n)];
        var raw = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * sizeof(float)), values[i]);
        return Add(constant, Float, raw, shape);
    }

    /// <summary>A constant tensor of float64.</summary>
    public string Doubles(string constant, IReadOnlyList<double> numbers, params ReadOnlySpan<long> shape)
    {
        var raw = new byte[numbers.Count * sizeof(double)];
        for (int i = 0; i < numbers.Count; i++) BinaryPrimitives.WriteDoubleLittleEndian(raw.AsSpan(i * sizeof(double)), numbers[i]);
        return Add(constant, Double, raw, shape);
    }

    /// <summary>A constant vector of int64.</summary>
    public string Longs(string constant, IReadOnlyList<int> numbers)
    {
        var raw = new byte[numbers.Count * sizeof(long)];
        for (int i = 0; i < numbers.Count; i++) BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * sizeof(long)), numbers[i]);
        return Add(constant, Long, raw, [numbers.Count]);
    }

    /// <summary>A constant of shape [1], which fits every matrix.</summary>
    public string Constant(string constant, double number) => Constant(constant, [number], 1);

    /// <summary>Adds an operation of the default set; gives the name of its result.</summary>
    public string Add(string result, string operation, params ReadOnlySpan<string> inputs)
    {
        _graph.Node.Add(new NodeProto { Name = result, OpType = operation, Input = { inputs.ToArray() }, Output = { result } });
        return result;
    }

    /// <summary>The value in float64.</summary>
    public string ToDouble(string result, string value) => AddWithInteger(result, "Cast", "to", Double, value);

    /// <summary>The value in float32.</summary>
    public string ToFloat(string result, string value) => AddWithInteger(result, "Cast", "to", Float, value);

    /// <summary>The columns of a matrix that a vector of int64 names.</summary>
    public string Gather(string result, string matrix, string columns) => AddWithInteger(result, "Gather", "axis", 1, matrix, columns);

    /// <summary>Adds an operation of ai.onnx.ml.</summary>
    public string AddLearning(string result, string operation, string input, IEnumerable<AttributeProto> attributes)
    {
        _graph.Node.Add(new NodeProto
        {
            Name = result,
            OpType = operation,
            Domain = Learning,
            Input = { input },
            Output = { result },
            Attribute = { attributes },
        });
        return result;
    }

    /// <summary>The model's bytes: equal graphs have equal bytes.</summary>
    public byte[] ToBytes() => new ModelProto
    {
        IrVersion = IrVersion,
        ProducerName = "quadturbo",
        Graph = _graph,
        OpsetImport = { new OperatorSetProto { Version = Operators }, new OperatorSetProto { Domain = Learning, Version = LearningOperators } },
    }.ToByteArray();

    private string AddWithInteger(string result, string operation, string attribute, long integer, params ReadOnlySpan<string> inputs)
    {
        Add(result, operation, inputs);
        _graph.Node[^1].Attribute.Add(new AttributeProto { Name = attribute, Type = AttributeKind.Int, I = integer });
        return result;
    }

    private string Add(string constant, int type, byte[] raw, ReadOnlySpan<long> shape)
    {
        _graph.Initializer.Add(new TensorProto { Name = constant, DataType = type, Dims = { shape.ToArray() }, RawData = ByteString.CopyFrom(raw) });
        return constant;
    }

    private static ValueProto Matrix(string value, long columns) => new()
    {
        Name = value,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.TensorType
            {
                ElemType = Float,
                Shape = new ShapeProto { Dim = { new DimensionProto { DimParam = "batch" }, new DimensionProto { DimValue = columns } } },
            },
        },
    };
}
