using System.Text;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>Checks the nodes and tensors of a graph and of those within it.</summary>
/// <param name="input">Name of the graph's input.</param>
internal sealed class OnnxGraphCheck(string input)
{
    // A message costs ONNX Runtime hundreds of bytes, a text tens, however few it has in the file.
    internal const int MostMessages = 1 << 18;
    private const int MostDepth = 4, MostTexts = 1 << 22, MostTargets = 1 << 16;

    // The values that have the columns of the input.
    private readonly HashSet<string> _rows = [input];
    private int _messages, _texts;

    /// <summary>Throws unless every node and tensor is one that we would run.</summary>
    /// <exception cref="ModelRefusedException">One is not.</exception>
    /// <exception cref="InvalidDataException">The bytes do not read.</exception>
    public void Check(ReadOnlySpan<byte> graph) => CheckGraph(graph, depth: 0);

    private void CheckGraph(ReadOnlySpan<byte> graph, int depth)
    {
        const int node = 1, initializer = 5, sparse = 15;
        if (depth > MostDepth) throw new ModelRefusedException("the nesting of graphs", $"{MostDepth} levels or fewer", "more");
        var fields = new ProtoFields(graph);
        while (fields.Next())
        {
            Count(ref _messages, MostMessages, "messages");
            switch (fields.Number)
            {
                case node: CheckNode(fields.Bytes, depth); break;
                case initializer: OnnxTensorCheck.Check(fields.Bytes); break;
                case sparse: throw new ModelRefusedException("a tensor", "dense", "sparse");
            }
        }
    }

    private void CheckNode(ReadOnlySpan<byte> node, int depth)
    {
        const int inputs = 1, outputs = 2, attribute = 5;
        string name = OnnxFile.TextOf(node, 4), domain = OnnxFile.TextOf(node, 7);
        if (!OnnxOperators.IsDomain(domain))
            throw new ModelRefusedException("the domain of an operator", "ai.onnx or ai.onnx.ml", $"'{OnnxValue.Plain(domain)}'");
        if (name == "ZipMap")
            throw new ModelRefusedException("the output of an ONNX file", "a tensor of probabilities", "a sequence of maps (export without ZipMap)");
        if (!OnnxOperators.Allows(domain, name)) throw new ModelRefusedException("an operator", "one that scores rows", $"'{OnnxValue.Plain(name)}'");
        string? from = null, to = null;
        var settings = new OnnxAttributes();
        var fields = new ProtoFields(node);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case inputs: Text(fields.Bytes, ref from); break;
                case outputs: Text(fields.Bytes, ref to); break;
                case attribute: CheckAttribute(fields.Bytes, settings, depth); break;
            }
        }
        bool readsRows = from is not null && _rows.Contains(from);
        if (depth == 0 && readsRows && to is not null && OnnxOperators.KeepsColumns(name)) _rows.Add(to);
        if (OnnxOperators.IndexesColumns(name)) CheckLearner(name, settings, readsRows && depth == 0);
    }

    /// <summary>Learners index columns without looking, so they must read what has the columns of the input.</summary>
    private static void CheckLearner(string name, OnnxAttributes settings, bool readsRows)
    {
        if (!readsRows) throw new ModelRefusedException($"the input of {name}", "the input of the graph", "another value");
        long classes = Math.Max(settings.Length("classlabels_strings"), settings.Length("classlabels_int64s")) + settings.Length("classlabels_ints");
        long targets = name switch
        {
            "TreeEnsembleRegressor" => settings.Integer("n_targets", 0),
            "LinearRegressor" => settings.Integer("targets", 1),
            "LinearClassifier" => settings.Length("intercepts"),
            _ => classes,
        };
        if (targets is < 1 or > MostTargets) throw new ModelRefusedException($"the targets of {name}", $"1 to {MostTargets}", $"{targets}");
        if (name == "LinearClassifier" && classes != targets && (classes, targets) != (2, 1))
            throw new ModelRefusedException("the classes of LinearClassifier", $"{targets}", $"{classes}");
        if (name.StartsWith("Linear", StringComparison.Ordinal))
            OnnxTreeCheck.CheckLinear(settings.Length("coefficients"), settings.Length("intercepts"), FeatureSchema.Count, targets);
        else
            OnnxTreeCheck.CheckTrees(settings.Lists, settings.Lengths, FeatureSchema.Count, targets);
    }

    private void CheckAttribute(ReadOnlySpan<byte> attribute, OnnxAttributes settings, int depth)
    {
        const int integer = 3, tensor = 5, graph = 6, floats = 7, integers = 8, texts = 9, tensors = 10, graphs = 11, sparse = 22, sparseList = 23;
        Count(ref _messages, MostMessages, "messages");
        string name = OnnxFile.TextOf(attribute, 1);
        settings.Begin(name);
        int pieces = 0;
        var fields = new ProtoFields(attribute);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case integer: settings.Set((long)fields.Value); break;
                case floats: settings.AddFloats(fields); break;
                case integers: settings.Add(fields); break;
                case texts:
                    Count(ref _texts, MostTexts, "texts");
                    settings.AddText(fields);
                    break;
                case tensor or tensors:
                    pieces += fields.Number == tensor ? 1 : 0;
                    Count(ref _messages, MostMessages, "messages");
                    OnnxTensorCheck.Check(fields.Bytes);
                    break;
                case graph or graphs:
                    pieces += fields.Number == graph ? 1 : 0;
                    CheckGraph(fields.Bytes, depth + 1);
                    break;
                case sparse or sparseList: throw new ModelRefusedException("a tensor", "dense", "sparse");
            }
        }
        if (pieces > 1) throw new ModelRefusedException("an attribute", "one tensor or graph", $"{pieces}"); // protobuf would join them
    }

    private static void Text(ReadOnlySpan<byte> bytes, ref string? first) => first ??= Encoding.Latin1.GetString(bytes);

    private static void Count(ref int counter, int most, string what)
    {
        if (++counter > most) throw new ModelRefusedException("an ONNX file", $"one of {most} {what} or fewer", "one with more");
    }
}
