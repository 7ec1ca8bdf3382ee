using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Scoring.Trees;
using Xunit.Abstractions;

namespace QuadTurbo.Libs.Tests.Scoring.Trees;

public sealed class CompiledTreesTests(ITestOutputHelper output)
{
    public static TheoryData<TreeKernel> Kernels => [.. Enum.GetValues<TreeKernel>()];

    /// <summary>60 ensembles of every shape: depth 0 to 8, 1 to 70 features, up to 600 distinct cuts, from perfect to a bare chain.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_gives_the_bits_of_the_reference(TreeKernel kernel)
    {
        int held = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = SplitMix64.Stream(seed, "ensemble");
            RandomForest forest = RandomForest.Draw(ref random);
            if (!CompiledTrees.Holds(forest.Ensemble, kernel)) continue;
            held++;
            var compiled = new CompiledTrees(forest.Ensemble, kernel);
            int count = 1 + random.NextInt(200);
            float[] rows = forest.Rows(ref random, count);
            AssertSame(forest.Ensemble, compiled, rows, $"seed {seed}, {forest}");
        }

        output.WriteLine($"{kernel}: {held} ensembles");
        Assert.Equal(kernel == TreeKernel.Vbmi && !Avx512Vbmi.IsSupported, held == 0);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_batch_of_any_size_gives_the_margin_of_each_row(TreeKernel kernel)
    {
        var random = new SplitMix64(5);
        RandomForest forest = RandomForest.Draw(ref random, features: 7, depth: 6, trees: 11, cuts: 40);
        if (!CompiledTrees.Holds(forest.Ensemble, kernel)) return;
        var compiled = new CompiledTrees(forest.Ensemble, kernel);

        for (int count = 0; count <= 150; count++) AssertSame(forest.Ensemble, compiled, forest.Rows(ref random, count), $"{count} rows");
    }

    /// <summary>On both sides of what 16 buckets and a byte hold.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_feature_with_many_cuts_is_split_at_each_of_them(TreeKernel kernel)
    {
        foreach (int count in (ReadOnlySpan<int>)[127, 128, 255, 256])
        {
            var stumps = new TreeNode[count][];
            for (int c = 0; c < count; c++)
                stumps[c] = [new(0, c - 100, 1, 2, c % 2 == 0, 0, 0, 0), TreeNode.Leaf(-1, 0), TreeNode.Leaf(c + 0.1f, 0)];
            stumps[0][0] = stumps[0][0] with { Cut = float.NegativeInfinity };
            stumps[^1][0] = stumps[^1][0] with { Cut = float.PositiveInfinity };
            var ensemble = new TreeEnsemble(Objective.Squared, 1, 0, stumps);
            Assert.Equal(kernel != TreeKernel.Vbmi || (Avx512Vbmi.IsSupported && count < 256), CompiledTrees.Holds(ensemble, kernel));
            if (!CompiledTrees.Holds(ensemble, kernel)) continue;
            float[] around = [.. Enumerable.Range(-102, 260).SelectMany(c => new[] { MathF.BitDecrement(c), c, c + 0.5f }), .. RandomForest.Special];

            AssertSame(ensemble, new CompiledTrees(ensemble, kernel), around, $"{count} cuts");
        }
    }

    [Fact]
    public void A_sum_of_negative_zeros_stays_negative()
    {
        var ensemble = new TreeEnsemble(Objective.Squared, 1, -0f, [[TreeNode.Leaf(-0f, 0)], [TreeNode.Leaf(-0f, 0)]]);

        foreach (TreeKernel kernel in Enum.GetValues<TreeKernel>())
            if (CompiledTrees.Holds(ensemble, kernel)) AssertSame(ensemble, new CompiledTrees(ensemble, kernel), [1, 2], $"{kernel}");
        var none = new TreeEnsemble(Objective.Squared, 3, -0f, []);
        AssertSame(none, new CompiledTrees(none), new float[9], "no trees");
    }

    [Fact]
    public void The_fastest_kernel_that_fits_is_chosen_and_another_is_refused()
    {
        var random = new SplitMix64(1);
        TreeKernel best = Avx512Vbmi.IsSupported ? TreeKernel.Vbmi : TreeKernel.Portable;
        TreeEnsemble usual = RandomForest.Draw(ref random, features: 32, depth: 6, trees: 9, cuts: 100).Ensemble;
        TreeEnsemble fine = RandomForest.Draw(ref random, features: 1, depth: 6, trees: 40, cuts: 600).Ensemble;
        TreeEnsemble wide = RandomForest.Draw(ref random, features: 65, depth: 3, trees: 9, cuts: 9).Ensemble;
        TreeEnsemble deep = RandomForest.Draw(ref random, features: 3, depth: 9, trees: 3, cuts: 9).Ensemble;

        Assert.Equal(best, new CompiledTrees(usual).Kernel);
        Assert.Equal(TreeKernel.Portable, new CompiledTrees(fine).Kernel);
        Assert.Equal(TreeKernel.Portable, new CompiledTrees(wide).Kernel);
        Assert.Equal(TreeKernel.Walk, new CompiledTrees(deep).Kernel);
        AssertRefused("Portable", () => _ = new CompiledTrees(deep, TreeKernel.Portable));
    }

    [Fact]
    public void Rows_of_another_length_are_refused()
    {
        var trees = new CompiledTrees(new TreeEnsemble(Objective.Squared, 3, 0, []));

        AssertRefused("2 features", () => trees.Margin([1, 2]));
        AssertRefused("5 numbers", () => trees.Margins(new float[5], new float[2]));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Scoring_allocates_nothing(TreeKernel kernel)
    {
        var random = new SplitMix64(3);
        RandomForest forest = RandomForest.Draw(ref random, features: 32, depth: 6, trees: 20, cuts: 200);
        if (!CompiledTrees.Holds(forest.Ensemble, kernel)) return;
        var compiled = new CompiledTrees(forest.Ensemble, kernel);
        float[] rows = forest.Rows(ref random, 100), margins = new float[100];

        Score();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) Score();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Score()
        {
            compiled.Margins(rows, margins);
            margins[0] = compiled.Margin(rows.AsSpan(0, 32));
        }
    }

    [Fact]
    public void Threads_that_share_a_model_get_the_margins_of_one()
    {
        var random = new SplitMix64(8);
        RandomForest forest = RandomForest.Draw(ref random, features: 12, depth: 6, trees: 30, cuts: 60);
        var compiled = new CompiledTrees(forest.Ensemble);
        float[] rows = forest.Rows(ref random, 300);

        Parallel.For(0, 16, _ => AssertSame(forest.Ensemble, compiled, rows, "shared"));
    }

    [Fact]
    public void A_model_may_be_dropped_while_it_scores()
    {
        var random = new SplitMix64(9);
        RandomForest forest = RandomForest.Draw(ref random, features: 5, depth: 5, trees: 10, cuts: 30);
        float[] rows = forest.Rows(ref random, 64), expected = new float[64];
        forest.Ensemble.Margins(rows, expected);

        for (int i = 0; i < 20; i++)
        {
            float[] margins = ScoreOnce(forest.Ensemble, rows);
            GC.Collect();
            Assert.Equal(expected, margins);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float[] ScoreOnce(TreeEnsemble ensemble, float[] rows)
    {
        var margins = new float[rows.Length / ensemble.Features];
        new CompiledTrees(ensemble).Margins(rows, margins);
        return margins;
    }

    private static int Bits(float number) => BitConverter.SingleToInt32Bits(number);

    private static void AssertRefused(string message, Action action) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static void AssertSame(TreeEnsemble reference, CompiledTrees compiled, float[] rows, string what)
    {
        int features = reference.Features, count = rows.Length / features;
        float[] batch = new float[count];
        compiled.Margins(rows, batch);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = rows.AsSpan(i * features, features);
            float expected = reference.Margin(row), alone = compiled.Margin(row);
            Assert.True(Bits(expected) == Bits(batch[i]), $"{what}: row {i} of a batch of {count}: {expected:R}, not {batch[i]:R}");
            Assert.True(Bits(expected) == Bits(alone), $"{what}: row {i} alone: {expected:R}, not {alone:R}");
        }
    }
}
