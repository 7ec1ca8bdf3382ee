using System.Globalization;
using System.Text.Json;

namespace QuadTurbo.Learning.Boosting;

/// <summary>Reads what xgboost saves as JSON (<c>booster.save_model("x.json")</c>): gbtree with one output, numeric splits.</summary>
/// <remarks>
/// Every tree is taken, as <c>predict</c> takes them, whatever <c>best_iteration</c> says. Node: x &lt; split_condition goes left, missing by
/// default_left; gain = loss_changes, cover = sum_hessian. Pruned nodes are dropped and the rest put in level order, parents first.
/// Source: xgboost 1.7, doc/model.schema.
/// </remarks>
public static class XgboostModel
{
    private const string Logistic = "binary:logistic";
    private const string Squared = "reg:squarederror";

    /// <summary>The ensemble that the model is: equal margins up to float32 rounding of the base.</summary>
    /// <param name="json">The bytes of the file, UTF-8.</param>
    /// <exception cref="InvalidDataException">It is not such a model; the message names what stands in the way.</exception>
    public static TreeEnsemble Import(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return Ensemble(document.RootElement.GetProperty("learner"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"not an xgboost JSON model: {e.Message}", e);
        }
    }

    private static TreeEnsemble Ensemble(JsonElement learner)
    {
        JsonElement shape = learner.GetProperty("learner_model_param");
        JsonElement booster = learner.GetProperty("gradient_booster");
        string kind = booster.GetProperty("name").GetString()!;
        if (kind != "gbtree") throw new InvalidDataException($"booster {kind} is not read; gbtree is");
        int classes = Whole(shape, "num_class"), targets = shape.TryGetProperty("num_target", out _) ? Whole(shape, "num_target") : 1;
        if (classes > 1 || targets > 1) throw new InvalidDataException($"{classes} classes and {targets} targets; a model of one output is read");
        string name = learner.GetProperty("objective").GetProperty("name").GetString()!;
        Objective objective = name switch
        {
            Logistic => Objective.Logistic,
            Squared => Objective.Squared,
            _ => throw new InvalidDataException($"objective {name} is not read; {Logistic} and {Squared} are"),
        };
        int features = Whole(shape, "num_feature");
        JsonElement trees = booster.GetProperty("model").GetProperty("trees");
        var read = new List<TreeNode[]>(trees.GetArrayLength());
        foreach (JsonElement tree in trees.EnumerateArray()) read.Add(Tree(read.Count, tree));
        return new TreeEnsemble(objective, features, BaseMargin(objective, shape), read);
    }

    /// <summary>base_score is a prediction: its logit is the margin of a logistic model. Version 2 and later write it in brackets.</summary>
    private static float BaseMargin(Objective objective, JsonElement shape)
    {
        string text = shape.GetProperty("base_score").GetString()!;
        float score = float.Parse(text.Trim('[', ']'), NumberStyles.Float, CultureInfo.InvariantCulture);
        if (objective != Objective.Logistic) return score;
        if (score is not (> 0 and < 1)) throw new InvalidDataException($"base_score {text} of {Logistic} is not between 0 and 1");
        return -MathF.Log(1 / score - 1);
    }

    private static TreeNode[] Tree(int t, JsonElement tree)
    {
        int[] left = Integers(tree, "left_children"), right = Integers(tree, "right_children"), feature = Integers(tree, "split_indices");
        int[] missingLeft = Integers(tree, "default_left");
        int[] kinds = tree.TryGetProperty("split_type", out _) ? Integers(tree, "split_type") : [];
        float[] condition = Floats(tree, "split_conditions"), gain = Floats(tree, "loss_changes"), cover = Floats(tree, "sum_hessian");
        int count = left.Length;
        if (new[] { right.Length, feature.Length, missingLeft.Length, condition.Length, gain.Length, cover.Length }.Any(n => n != count))
            throw new InvalidDataException($"tree {t}: the columns of its nodes differ in length");

        List<int> order = LevelOrder(t, left, right);
        var place = new int[count];
        for (int i = 0; i < order.Count; i++) place[order[i]] = i;
        return [.. order.Select(i => left[i] < 0 ? TreeNode.Leaf(condition[i], cover[i]) : Inner(i))];

        TreeNode Inner(int i) => kinds.Length > 0 && kinds[i] != 0
            ? throw new InvalidDataException($"tree {t}, node {i}: a categorical split; numeric ones are read")
            : new TreeNode(feature[i], condition[i], place[left[i]], place[right[i]], missingLeft[i] != 0, 0, gain[i], cover[i]);
    }

    /// <summary>The nodes that a row can reach, parents first; pruned ones are not among them.</summary>
    private static List<int> LevelOrder(int t, int[] left, int[] right)
    {
        var order = new List<int> { 0 };
        for (int i = 0; i < order.Count; i++)
        {
            int node = order[i];
            if ((uint)node >= (uint)left.Length) throw new InvalidDataException($"tree {t}: node {node} of {left.Length}");
            if (order.Count > left.Length) throw new InvalidDataException($"tree {t}: a node is reached twice");
            if (left[node] >= 0) order.AddRange([left[node], right[node]]);
        }
        return order;
    }

    private static int Whole(JsonElement parent, string name) => int.Parse(parent.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static int[] Integers(JsonElement tree, string name) => [.. tree.GetProperty(name).EnumerateArray().Select(Integer)];

    private static int Integer(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.GetInt32(),
    };

    private static float[] Floats(JsonElement tree, string name) => [.. tree.GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];
}
