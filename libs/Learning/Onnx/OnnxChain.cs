using System.Runtime.InteropServices;
using Google.Protobuf;

namespace QuadTurbo.Learning.Onnx;

/// <summary>Reads a graph in which each operation takes the result of the one before, and constants beside it.</summary>
internal sealed class OnnxChain
{
    private const int Float = 1;
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly List<DenseNetwork.Step> _steps = [];
    private int _width, _weights;

    private OnnxChain(GraphProto graph, int columns)
    {
        _constants = graph.Initializer.ToDictionary(t => t.Name);
        _width = columns;
    }

    /// <summary>The steps from input to output; null where the graph is no such chain, or larger than what is worth compiling.</summary>
    public static DenseNetwork.Step[]? TryRead(ReadOnlySpan<byte> model, string input, string output, int columns)
    {
        if (!BitConverter.IsLittleEndian || columns > DenseNetwork.MostWidth) return null;
        GraphProto graph;
        try
        {
            graph = ModelProto.Parser.ParseFrom(model).Graph;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
        if (graph is null || graph.Initializer.Select(t => t.Name).Distinct().Count() != graph.Initializer.Count) return null;
        var chain = new OnnxChain(graph, columns);
        string value = input;
        foreach (NodeProto node in graph.Node)
        {
            if (node.Input.Count == 0 || node.Output.Count != 1 || node.Input[0] != value || chain.StepOf(node) is not { } step) return null;
            chain._steps.Add(step);
            chain._width = step.Width;
            value = node.Output[0];
        }
        return value == output && chain._steps.Count > 0 ? [.. chain._steps] : null;
    }

    private DenseNetwork.Step? StepOf(NodeProto node) => (node.Domain, node.OpType, node.Input.Count) switch
    {
        ("ai.onnx.ml", "Imputer", 1) => FillOf(node),
        ("", "Gemm", 2 or 3) => GemmOf(node),
        ("", "MatMul", 2) => LayerOf(node.Input[1], null, transposed: false),
        ("", "Add", 2) when Row(node.Input[1]) is { } terms => new DenseNetwork.Scale(Same(1), terms),
        ("", "Mul", 2) when Row(node.Input[1]) is { } factors => new DenseNetwork.Scale(factors, Same(0)),
        ("", "Relu", 1) => new DenseNetwork.Rectify(_width),
        ("", "Sigmoid", 1) => new DenseNetwork.Sigmoid(_width),
        _ => null,
    };

    private DenseNetwork.Fill? FillOf(NodeProto node)
    {
        AttributeProto? replaced = Attribute(node, "replaced_value_float"), imputed = Attribute(node, "imputed_value_floats");
        if (node.Attribute.Count != 2 || replaced is null || imputed is null || !float.IsNaN(replaced.F)) return null;
        return imputed.Floats.Count == 1 ? new DenseNetwork.Fill(Same(imputed.Floats[0]))
            : imputed.Floats.Count == _width ? new DenseNetwork.Fill([.. imputed.Floats])
            : null;
    }

    private DenseNetwork.Layer? GemmOf(NodeProto node)
    {
        if (node.Attribute.Any(a => a.Name is not ("alpha" or "beta" or "transA" or "transB"))) return null;
        bool plain = (Attribute(node, "alpha")?.F ?? 1) == 1 && (Attribute(node, "beta")?.F ?? 1) == 1 && (Attribute(node, "transA")?.I ?? 0) == 0;
        return plain ? LayerOf(node.Input[1], node.Input.ElementAtOrDefault(2), (Attribute(node, "transB")?.I ?? 0) != 0) : null;
    }

    private DenseNetwork.Layer? LayerOf(string weights, string? biases, bool transposed)
    {
        if (Numbers(weights) is not { } w || _constants[weights].Dims is not [var first, var second]) return null;
        (long inputs, long outputs) = transposed ? (second, first) : (first, second);
        if (inputs != _width || outputs is < 1 or > DenseNetwork.MostWidth || w.Length != inputs * outputs) return null;
        if ((_weights += w.Length) > DenseNetwork.MostWeights) return null;
        int before = _width;
        _width = (int)outputs;
        float[]? b = biases is null ? Same(0) : Row(biases);
        return b is null ? null : new DenseNetwork.Layer(transposed ? Transposed(w, before, _width) : w, b, before, _width);
    }

    private static float[] Transposed(float[] weights, int inputs, int outputs)
    {
        var turned = new float[weights.Length];
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < inputs; i++) turned[i * outputs + o] = weights[o * inputs + i];
        return turned;
    }

    /// <summary>A constant that stands for one row of the current width: a single number, [width] or [1, width].</summary>
    private float[]? Row(string name)
    {
        if (Numbers(name) is not { } numbers || _constants[name].Dims.SkipLast(1).Any(d => d != 1)) return null;
        return numbers.Length == 1 && _constants[name].Dims.Count <= 2 ? Same(numbers[0]) : numbers.Length == _width && _constants[name].Dims.Count <= 2 ? numbers : null;
    }

    private float[]? Numbers(string name)
    {
        if (!_constants.TryGetValue(name, out TensorProto? tensor) || tensor.DataType != Float || tensor.RawData.Length == 0) return null;
        long count = tensor.Dims.Aggregate(1L, (product, d) => product * Math.Clamp(d, 0, int.MaxValue));
        return count == tensor.RawData.Length / sizeof(float) ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : null;
    }

    private float[] Same(float value)
    {
        var row = new float[_width];
        Array.Fill(row, value);
        return row;
    }

    private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);
}
