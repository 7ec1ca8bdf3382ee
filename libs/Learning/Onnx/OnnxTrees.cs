using Google.Protobuf;
using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Learning.Onnx;

/// <summary>Writes a tree ensemble, with its calibrator, as an ONNX model that other runtimes score.</summary>
/// <remarks>
/// features [batch, Features] → TreeEnsembleRegressor (ai.onnx.ml 3: BRANCH_LT, SUM, NONE) → Add base → margin [batch, 1]; a logistic
/// model goes on to probability [batch, 1], the sigmoid of the margin or what the calibrator makes of it. NaN is missing, and goes as the node says.
/// A runtime may add the leaves in another order, so margins agree to float32 rounding. Source: ONNX operators, ai.onnx.ml version 3.
/// </remarks>
public static class OnnxTrees
{
    /// <summary>The bytes of the model: opset 17, IR version 8.</summary>
    /// <param name="ensemble">The trees.</param>
    /// <param name="calibrator">From margin to probability; null for the sigmoid.</param>
    /// <exception cref="ArgumentException">A calibrator for what is not logistic, or a cut of −∞, which runtimes read differently.</exception>
    public static byte[] Write(TreeEnsemble ensemble, OnnxCalibrator? calibrator = null)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        bool logistic = ensemble.Objective == Objective.Logistic;
        if (calibrator is not null && !logistic)
            throw new ArgumentException($"a {ensemble.Objective} model gives no probability to calibrate", nameof(calibrator));
        var graph = new OnnxGraph("trees");
        string sum = graph.AddLearning("leaves", "TreeEnsembleRegressor", graph.Input("features", ensemble.Features), Attributes(ensemble));
        string margin = graph.Add("margin", "Add", sum, graph.Constant("base", ensemble.BaseMargin));
        graph.Output(margin);
        if (logistic) graph.Output(calibrator is null ? graph.Add(OnnxCalibrator.Probability, "Sigmoid", margin) : calibrator.Append(graph, margin));
        return graph.ToBytes();
    }

    private static IEnumerable<AttributeProto> Attributes(TreeEnsemble ensemble)
    {
        List<(int Tree, int Index, TreeNode Node)> nodes = Nodes(ensemble);
        foreach ((int tree, int index, TreeNode node) in nodes)
            if (!node.IsLeaf && float.IsNegativeInfinity(node.Cut))
                throw new ArgumentException($"tree {tree}, node {index} has a cut of −∞", nameof(ensemble));
        List<(int Tree, int Index, TreeNode Node)> leaves = [.. nodes.Where(n => n.Node.IsLeaf)];

        yield return Integers("nodes_treeids", nodes.Select(n => n.Tree));
        yield return Integers("nodes_nodeids", nodes.Select(n => n.Index));
        yield return Integers("nodes_featureids", nodes.Select(n => Math.Max(0, n.Node.Feature)));
        yield return Floats("nodes_values", nodes.Select(n => n.Node.Cut));
        yield return Texts("nodes_modes", nodes.Select(n => n.Node.IsLeaf ? "LEAF" : "BRANCH_LT"));
        yield return Integers("nodes_truenodeids", nodes.Select(n => n.Node.Left));
        yield return Integers("nodes_falsenodeids", nodes.Select(n => n.Node.Right));
        yield return Integers("nodes_missing_value_tracks_true", nodes.Select(n => !n.Node.IsLeaf && n.Node.MissingLeft ? 1 : 0));
        yield return Integers("target_treeids", leaves.Select(n => n.Tree));
        yield return Integers("target_nodeids", leaves.Select(n => n.Index));
        yield return Integers("target_ids", leaves.Select(_ => 0));
        yield return Floats("target_weights", leaves.Select(n => n.Node.Value));
        yield return new AttributeProto { Name = "n_targets", Type = AttributeKind.Int, I = 1 };
        yield return Text("aggregate_function", "SUM");
        yield return Text("post_transform", "NONE");
    }

    /// <summary>All nodes; an ensemble without trees gets one that adds 0, since the operator needs one.</summary>
    private static List<(int Tree, int Index, TreeNode Node)> Nodes(TreeEnsemble ensemble)
    {
        var nodes = new List<(int, int, TreeNode)>();
        for (int t = 0; t < ensemble.Count; t++)
            for (int i = 0; i < ensemble[t].Length; i++) nodes.Add((t, i, ensemble[t][i]));
        if (nodes.Count == 0) nodes.Add((0, 0, TreeNode.Leaf(0, 0)));
        return nodes;
    }

    private static AttributeProto Integers(string name, IEnumerable<int> values) =>
        new() { Name = name, Type = AttributeKind.Ints, Ints = { values.Select(v => (long)v) } };

    private static AttributeProto Floats(string name, IEnumerable<float> values) =>
        new() { Name = name, Type = AttributeKind.Floats, Floats = { values } };

    private static AttributeProto Texts(string name, IEnumerable<string> values) =>
        new() { Name = name, Type = AttributeKind.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeKind.String, S = ByteString.CopyFromUtf8(value) };
}
