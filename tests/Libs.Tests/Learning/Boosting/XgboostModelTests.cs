using System.Text;
using System.Text.Json;
using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class XgboostModelTests
{
    private static readonly Fixture Xgboost = Fixture.Load("xgboost_import");

    [Theory]
    [InlineData("logistic", Objective.Logistic)]
    [InlineData("squared", Objective.Squared)]
    [InlineData("leafwise", Objective.Logistic)]
    public void An_imported_model_gives_the_margins_that_xgboost_gave(string name, Objective objective)
    {
        JsonElement result = Xgboost.Results.GetProperty(name);
        TreeEnsemble model = XgboostModel.Import(Encoding.UTF8.GetBytes(result.GetProperty("model").GetRawText()));
        double[] margins = Fixture.Numbers(result.GetProperty("margins"));
        float[][] rows = Rows("test");

        Assert.Equal(objective, model.Objective);
        Assert.Contains(rows, r => r.Any(float.IsNaN));
        for (int i = 0; i < rows.Length; i++) Assert.Equal(margins[i], model.Margin(rows[i]), 1e-6);
    }

    [Fact]
    public void Pruned_nodes_are_dropped_and_gains_and_covers_are_kept()
    {
        JsonElement json = Xgboost.Results.GetProperty("logistic").GetProperty("model");
        JsonElement trees = json.GetProperty("learner").GetProperty("gradient_booster").GetProperty("model").GetProperty("trees");
        TreeEnsemble model = XgboostModel.Import(Encoding.UTF8.GetBytes(json.GetRawText()));
        int[] pruned = [.. trees.EnumerateArray().Select(t => int.Parse(t.GetProperty("tree_param").GetProperty("num_deleted").GetString()!))];
        JsonElement first = trees[0];

        Assert.Contains(pruned, n => n > 0);
        for (int t = 0; t < pruned.Length; t++) Assert.Equal(trees[t].GetProperty("left_children").GetArrayLength() - pruned[t], model[t].Length);
        Assert.Equal(first.GetProperty("loss_changes")[0].GetSingle(), model[0][0].Gain);
        Assert.Equal(first.GetProperty("sum_hessian")[0].GetSingle(), model[0][0].Cover);
        foreach (TreeNode node in model[0])
            if (!node.IsLeaf) Assert.Equal(node.Cover, model[0][node.Left].Cover + model[0][node.Right].Cover, 1e-4f);
    }

    [Theory]
    [InlineData("binary:logistic", "multi:softprob", "objective multi:softprob is not read")]
    [InlineData("\"gbtree\"", "\"dart\"", "booster dart is not read")]
    [InlineData("\"num_class\":\"0\"", "\"num_class\":\"3\"", "3 classes")]
    [InlineData("\"base_score\":\"3E-1\"", "\"base_score\":\"1\"", "base_score 1")]
    [InlineData("\"split_type\"", "\"other\"", null)]
    [InlineData("\"split_type\":[0", "\"split_type\":[1", "a categorical split")]
    [InlineData("\"left_children\":[1", "\"left_children\":[99", "node 99 of")]
    [InlineData("\"left_children\":[1", "\"left_children\":[0", "reached twice")]
    [InlineData("\"sum_hessian\":[", "\"sum_hessian\":[1,", "differ in length")]
    [InlineData("\"learner\"", "\"model\"", "not an xgboost JSON model")]
    public void A_model_of_another_kind_is_refused_by_name(string text, string replaced, string? message)
    {
        string json = JsonSerializer.Serialize(Xgboost.Results.GetProperty("logistic").GetProperty("model"));
        string changed = json.Replace(text, replaced, StringComparison.Ordinal);
        Assert.NotEqual(json, changed);

        if (message is null) Assert.Equal(6, Import(changed).Count);
        else Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Import(changed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("{\"learner\": {}}")]
    public void Bytes_that_are_no_model_are_refused(string json) => Assert.Throws<InvalidDataException>(() => Import(json));

    internal static float[][] Rows(string name) =>
        [.. Xgboost.Inputs.GetProperty(name).EnumerateArray().Select(r => Fixture.Numbers(r).Select(x => (float)x).ToArray())];

    internal static TreeEnsemble Import(string json) => XgboostModel.Import(Encoding.UTF8.GetBytes(json));
}
