using System.Buffers.Binary;
using System.Text;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

/// <summary>Files of ONNX written field by field, so that they may say anything; and rows to score.</summary>
internal static class OnnxBytes
{
    public const int Float = 1, Long = 7;

    public static byte[] Field(int number, params byte[][] contents)
    {
        byte[] all = [.. contents.SelectMany(c => c)];
        return [.. Varint((ulong)number << 3 | 2), .. Varint((ulong)all.Length), .. all];
    }

    public static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    public static byte[] Number(int number, long value) => [.. Varint((ulong)number << 3), .. Varint((ulong)value)];

    /// <summary>IR version 8, operators 17 and 3, and one graph.</summary>
    public static byte[] Model(params byte[][] graph) =>
        [.. Number(1, 8), .. Field(7, [Text(2, "g"), .. graph]), .. Field(8, Number(2, 17)), .. Field(8, Text(1, "ai.onnx.ml"), Number(2, 3))];

    public static byte[] Node(string operation, string[] inputs, string[] outputs, string domain = "", params byte[][] attributes) => Field(
        1, [.. inputs.Select(i => Text(1, i)), .. outputs.Select(o => Text(2, o)), Text(4, operation), Text(7, domain), .. attributes]);

    public static byte[] Integers(string name, params long[] values) => Field(5, [Text(1, name), .. values.Select(v => Number(8, v)), Number(20, 7)]);

    public static byte[] Floats(string name, params float[] values) => Field(5, Text(1, name), Field(7, Raw(values)), Number(20, 6));

    public static byte[] Texts(string name, params string[] values) => Field(5, [Text(1, name), .. values.Select(v => Text(9, v)), Number(20, 8)]);

    public static byte[] Graph(string name, byte[] graph) => Field(5, Text(1, name), Field(6, graph), Number(20, 5));

    public static byte[] Constant(string name, long[] dims, float[] values, params byte[][] more) => Field(
        5, [.. dims.Select(d => Number(1, d)), Number(2, Float), Text(8, name), Field(9, Raw(values)), .. more]);

    public static byte[] Input(string name, int type, params long[] dims) => Value(11, name, type, dims);

    public static byte[] Output(string name, int type, params long[] dims) => Value(12, name, type, dims);

    /// <summary>sigmoid(x W + b): a good model, before a test spoils it.</summary>
    public static byte[] Sigmoid() => Model(
        Input("x", Float, 0, 32), Constant("w", [32, 1], [.. Enumerable.Range(0, 32).Select(i => 0.01f * (i - 16))]), Constant("b", [1], [0.25f]),
        Node("MatMul", ["x", "w"], ["xw"]), Node("Add", ["xw", "b"], ["m"]), Node("Sigmoid", ["m"], ["p"]), Output("p", Float, 0, 1));

    /// <summary>One split on <paramref name="feature"/> at 0 whose branches lead to the nodes given; nodes 1 and 2 are leaves.</summary>
    public static byte[] Stump(long feature = 0, long yes = 1, long no = 2, long target = 0, long leaf = 2, string from = "x") => Model(
        Input("x", Float, 0, 32), Node("Abs", ["x"], ["other"]), Node("Identity", ["x"], ["same"]),
        Node(
            "TreeEnsembleRegressor", [from], ["p"], "ai.onnx.ml",
            Integers("nodes_treeids", 0, 0, 0), Integers("nodes_nodeids", 0, 1, 2), Integers("nodes_featureids", feature, 0, 0),
            Floats("nodes_values", 0, 0, 0), Texts("nodes_modes", "BRANCH_LT", "LEAF", "LEAF"),
            Integers("nodes_truenodeids", yes, 0, 0), Integers("nodes_falsenodeids", no, 0, 0),
            Field(5, Text(1, "n_targets"), Number(3, 1), Number(20, 2)),
            Integers("target_treeids", 0, 0), Integers("target_nodeids", 1, leaf), Integers("target_ids", 0, target),
            Floats("target_weights", 0.25f, 0.75f)),
        Output("p", Float, 0, 1));

    /// <summary>[count, 32], one value in ten missing.</summary>
    public static float[] Rows(int count, long seed, double missing = 0.1)
    {
        var random = new SplitMix64(seed);
        var rows = new float[count * FeatureSchema.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            float value = (float)(2 * random.NextNormal());
            rows[i] = random.NextDouble() < missing ? float.NaN : value;
        }
        return rows;
    }

    private static byte[] Value(int field, string name, int type, long[] dims)
    {
        byte[] shape = Field(2, [.. dims.Select(d => Field(1, d == 0 ? Text(2, "n") : Number(1, d)))]);
        return Field(field, Text(1, name), Field(2, Field(1, Number(1, type), shape)));
    }

    private static byte[] Raw(float[] values)
    {
        var raw = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * sizeof(float)), values[i]);
        return raw;
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
