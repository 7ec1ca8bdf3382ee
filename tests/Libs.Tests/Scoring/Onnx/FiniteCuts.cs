using QuadTurbo.Learning.Boosting;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

/// <summary>An ensemble with +∞ in place of cuts of −∞, which have no ONNX.</summary>
internal static class FiniteCuts
{
    public static TreeEnsemble Of(TreeEnsemble model)
    {
        var trees = new TreeNode[model.Count][];
        for (int t = 0; t < trees.Length; t++)
            trees[t] = [.. model[t].ToArray().Select(n => float.IsNegativeInfinity(n.Cut) ? n with { Cut = float.PositiveInfinity } : n)];
        return new TreeEnsemble(model.Objective, model.Features, model.BaseMargin, trees);
    }
}
