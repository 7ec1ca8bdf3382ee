using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Scoring.Trees;

/// <summary>An ensemble of drawn shape, with rows that lie between its cuts, on them and far outside.</summary>
internal sealed record RandomForest(TreeEnsemble Ensemble, float[][] Cuts)
{
    /// <summary>Numbers that are easily mistaken for others.</summary>
    public static readonly float[] Special =
        [float.NaN, float.NegativeInfinity, float.PositiveInfinity, -0f, 0f, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon];

    public static RandomForest Draw(ref SplitMix64 random)
    {
        int features = random.NextInt(4) == 0 ? 1 + random.NextInt(70) : 1 + random.NextInt(9);
        int cuts = random.NextInt(3) == 0 ? 256 + random.NextInt(345) : 1 + random.NextInt(200);
        return Draw(ref random, features, random.NextInt(9), random.NextInt(30), cuts);
    }

    public static RandomForest Draw(ref SplitMix64 random, int features, int depth, int trees, int cuts)
    {
        var of = new float[features][];
        for (int f = 0; f < features; f++)
        {
            of[f] = new float[cuts];
            for (int c = 0; c < cuts; c++)
                of[f][c] = random.NextInt(40) == 0 ? Special[1 + random.NextInt(Special.Length - 1)] : (float)random.NextNormal();
        }
        double leafChance = random.NextInt(2) * 0.3;
        var drawn = new TreeNode[trees][];
        for (int t = 0; t < trees; t++)
        {
            var tree = new List<TreeNode>();
            Grow(tree, ref random, of, depth, t == 0 ? 0 : leafChance);
            drawn[t] = [.. tree];
        }
        return new RandomForest(new TreeEnsemble(Objective.Logistic, features, (float)random.NextNormal(), drawn), of);
    }

    public float[] Rows(ref SplitMix64 random, int count)
    {
        var rows = new float[count * Ensemble.Features];
        for (int i = 0; i < rows.Length; i++)
        {
            float[] cuts = Cuts[i % Ensemble.Features];
            float cut = cuts[random.NextInt(cuts.Length)];
            rows[i] = random.NextInt(8) switch
            {
                0 => Special[random.NextInt(Special.Length)],
                1 => float.NaN,
                2 or 3 => cut,
                4 => MathF.BitDecrement(cut),
                _ => (float)(2 * random.NextNormal()),
            };
        }
        return rows;
    }

    public override string ToString() => $"{Ensemble.Count} trees of {Ensemble.Features} features, {Cuts[0].Length} cuts";

    private static int Grow(List<TreeNode> tree, ref SplitMix64 random, float[][] cuts, int depth, double leafChance)
    {
        int at = tree.Count;
        if (depth == 0 || random.NextDouble() < leafChance)
        {
            tree.Add(TreeNode.Leaf((float)random.NextNormal(), 1));
            return at;
        }
        int feature = random.NextInt(cuts.Length);
        tree.Add(default);
        float cut = cuts[feature][random.NextInt(cuts[feature].Length)];
        bool missingLeft = random.NextInt(2) == 0;
        int left = Grow(tree, ref random, cuts, depth - 1, leafChance), right = Grow(tree, ref random, cuts, depth - 1, leafChance);
        tree[at] = new TreeNode(feature, cut, left, right, missingLeft, 0, 1, 2);
        return at;
    }
}
