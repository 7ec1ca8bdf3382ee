namespace QuadTurbo.Scoring.Onnx;

/// <summary>Checks learners whose attributes are addresses: a wrong one would read or write beyond a row, or walk in a circle.</summary>
internal static class OnnxTreeCheck
{
    private const int MostDepth = 512;

    /// <summary>Throws unless every branch leads to a leaf, every split reads a column and every leaf adds to a target that is there.</summary>
    /// <param name="attributes">Integers of TreeEnsembleRegressor or TreeEnsembleClassifier by name.</param>
    /// <param name="lengths">How many values each list has, of whatever type.</param>
    /// <param name="columns">Columns of what the node reads.</param>
    /// <param name="targets">Targets or classes.</param>
    /// <exception cref="ModelRefusedException">It is otherwise.</exception>
    public static void CheckTrees(Dictionary<string, List<long>> attributes, Dictionary<string, long> lengths, int columns, long targets)
    {
        List<long> trees = Of("nodes_treeids"), nodes = Of("nodes_nodeids"), features = Of("nodes_featureids");
        List<long> yes = Of("nodes_truenodeids"), no = Of("nodes_falsenodeids");
        foreach (string list in (string[])["nodeids", "featureids", "truenodeids", "falsenodeids", "modes", "values"])
            Same($"nodes_{list}", "nodes_treeids");
        foreach (string list in (string[])["nodes_hitrates", "nodes_missing_value_tracks_true"])
            if (lengths.GetValueOrDefault(list) > 0) Same(list, "nodes_treeids");
        string of = attributes.ContainsKey("target_ids") ? "target" : "class";
        foreach (string list in (string[])["nodeids", "treeids", "weights"]) Same($"{of}_{list}", $"{of}_ids");
        foreach (string list in lengths.Keys)
            if (list.EndsWith("_as_tensor", StringComparison.Ordinal)) Refuse("lists of float32", list);

        var places = new Dictionary<(long, long), int>();
        for (int i = 0; i < trees.Count; i++)
        {
            if (features[i] < 0 || features[i] >= columns)
                Refuse($"features 0 to {columns - 1}", $"feature {features[i]} at node {nodes[i]} of tree {trees[i]}");
            if (!places.TryAdd((trees[i], nodes[i]), i)) Refuse("one node of each number", $"two of number {nodes[i]} in tree {trees[i]}");
        }
        bool[] leaf = Leaves(trees, nodes, yes, no, places, Of(OnnxAttributes.Modes));
        List<long> targetTrees = Of($"{of}_treeids"), targetNodes = Of($"{of}_nodeids"), ids = Of($"{of}_ids");
        for (int i = 0; i < ids.Count; i++)
        {
            if (ids[i] < 0 || ids[i] >= targets) Refuse($"targets 0 to {targets - 1}", $"target {ids[i]}");
            if (!places.TryGetValue((targetTrees[i], targetNodes[i]), out int at) || !leaf[at])
                Refuse("leaves that have weights", $"a weight at node {targetNodes[i]} of tree {targetTrees[i]}");
        }

        List<long> Of(string name) => attributes.GetValueOrDefault(name) ?? [];
        void Same(string list, string other)
        {
            long found = lengths.GetValueOrDefault(list), due = lengths.GetValueOrDefault(other);
            if (found != due) Refuse($"as many {list} as {other}", $"{found} and {due}");
        }
    }

    /// <summary>Throws unless a linear model has a weight for every column and target.</summary>
    /// <exception cref="ModelRefusedException">It has not.</exception>
    public static void CheckLinear(long coefficients, long intercepts, int columns, long targets)
    {
        if (coefficients != columns * targets || (intercepts != 0 && intercepts != targets))
        {
            throw new ModelRefusedException(
                "a linear model", $"of {columns} weights for each of {targets} targets", $"{coefficients} weights and {intercepts} intercepts");
        }
    }

    /// <summary>Which nodes are leaves; every other one must lead down to leaves of its own tree.</summary>
    private static bool[] Leaves(
        List<long> trees, List<long> nodes, List<long> yes, List<long> no, Dictionary<(long, long), int> places, List<long> leaves)
    {
        var leaf = new bool[trees.Count];
        var depth = new int[trees.Count]; // 0: not yet seen, -1: being walked, else its height + 1
        foreach (long at in leaves) leaf[at] = true;
        var path = new Stack<int>();
        for (int start = 0; start < trees.Count; start++)
        {
            if (depth[start] == 0) path.Push(start);
            while (path.TryPeek(out int at))
            {
                if (depth[at] > 0 || leaf[at])
                {
                    depth[at] = Math.Max(depth[at], 1);
                    path.Pop();
                    continue;
                }
                int left = Child(at, yes), right = Child(at, no);
                if (depth[left] > 0 && depth[right] > 0)
                {
                    depth[at] = 1 + Math.Max(depth[left], depth[right]);
                    if (depth[at] > MostDepth) Refuse($"{MostDepth} levels or fewer", "more");
                    path.Pop();
                    continue;
                }
                depth[at] = -1;
                foreach (int child in (ReadOnlySpan<int>)[left, right])
                {
                    if (depth[child] < 0) Refuse("branches that end", $"a circle at node {nodes[child]} of tree {trees[child]}");
                    if (depth[child] == 0) path.Push(child);
                }
            }
        }
        return leaf;

        int Child(int at, List<long> side)
        {
            if (!places.TryGetValue((trees[at], side[at]), out int child))
                Refuse("branches to nodes that are there", $"a branch to node {side[at]} of tree {trees[at]}");
            return child;
        }
    }

    private static void Refuse(string expected, string found) => throw new ModelRefusedException("a tree ensemble", $"one with {expected}", found);
}
