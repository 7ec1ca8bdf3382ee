using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Libs.Tests.Learning.Boosting;

public sealed class BoosterTests
{
    private static readonly BoostingOptions Stump = new() { Objective = Objective.Squared, Rounds = 1, MaxDepth = 1, Eta = 1, Lambda = 0 };

    // Targets 0, 0, 6, 9 at 1, 2, 3, 4: base 3.75; parting 2 from 3 leaves residuals −3.75 and 3.75 on average.
    private static readonly TrainingRows Steps = Tables.Column([1, 2, 3, 4], [0, 0, 6, 9]);

    [Fact]
    public void One_split_parts_the_targets_where_the_squares_fall_most()
    {
        TreeEnsemble ensemble = Booster.Fit(Steps, Stump).Ensemble;

        Assert.Equal(3.75f, ensemble.BaseMargin);
        TreeNode[] tree = ensemble[0].ToArray();
        Assert.Equal(2.5f, tree[0].Cut);
        Assert.Equal(-3.75, tree[1].Value, 5);
        Assert.Equal(3.75, tree[2].Value, 5);
        Assert.Equal(0.5 * (7.5 * 7.5 / 2 + 7.5 * 7.5 / 2), tree[0].Gain, 3);
        Assert.Equal((4f, 2f, 2f), (tree[0].Cover, tree[1].Cover, tree[2].Cover));
    }

    [Fact]
    public void Penalties_shrink_a_leaf_as_the_formula_says()
    {
        TreeNode[] tree = Booster.Fit(Steps, Stump with { Lambda = 1, Alpha = 1.5, Eta = 0.5 }).Ensemble[0].ToArray();

        // −η (7.5 − 1.5) / (2 + 1).
        Assert.Equal(-1, tree[1].Value, 5);
        Assert.Equal(1, tree[2].Value, 5);
        Assert.Equal(6.0 * 6 / 3, tree[0].Gain, 4);
        Assert.Equal(0.25, Booster.Fit(Steps, Stump with { MaxDelta = 0.25 }).Ensemble[0][2].Value, 5);
    }

    [Fact]
    public void A_split_that_saves_less_than_gamma_is_not_made()
    {
        Assert.Equal(3, Booster.Fit(Steps, Stump with { Gamma = 28.1 }).Ensemble[0].Length);
        Assert.Equal(1, Booster.Fit(Steps, Stump with { Gamma = 28.2 }).Ensemble[0].Length);
    }

    [Fact]
    public void Weights_count_as_rows()
    {
        TrainingRows weighted = Tables.Column([1, 2, 3, 4, 9], [0, 1, 5, 9, 100], [1, 2, 3, 1, 0]);
        TrainingRows repeated = Tables.Column([1, 2, 2, 3, 3, 3, 4], [0, 1, 1, 5, 5, 5, 9]);
        BoostingOptions options = Stump with { Rounds = 5, MaxDepth = 2, Eta = 0.5, Lambda = 1 };

        TreeEnsemble a = Booster.Fit(weighted, options).Ensemble, b = Booster.Fit(repeated, options).Ensemble;

        foreach (float x in (float[])[1, 2, 3, 4]) Assert.Equal(b.Margin([x]), a.Margin([x]), 5);
    }

    [Theory]
    [InlineData(0, false, false, Objective.Logistic)]
    [InlineData(0.3, true, false, Objective.Squared)]
    [InlineData(0, true, true, Objective.Logistic)]
    public void Trees_are_those_of_a_plain_exact_trainer(double alpha, bool weighted, bool leafRows, Objective objective)
    {
        TrainingRows rows = Tables.Noisy(150, 4, 3, objective, weighted);
        var options = new BoostingOptions
        {
            Objective = objective,
            Rounds = 4,
            MaxDepth = 3,
            Eta = 0.3,
            Alpha = alpha,
            Gamma = 0.1,
            MaxBins = 16,
            MinLeafRows = leafRows ? 12 : 1,
        };

        TreeEnsemble ensemble = Booster.Fit(rows, options).Ensemble;

        double[] expected = new PlainTrainer(rows, options).Margins(ensemble.BaseMargin);
        float[] found = Tables.Margins(ensemble, rows);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Missing_values_go_to_the_side_that_they_are_like(bool likeLow)
    {
        TrainingRows rows = Tables.Column([1, 1, 2, 2, float.NaN, float.NaN], likeLow ? [0, 0, 5, 5, 0, 0] : [0, 0, 5, 5, 5, 5]);

        TreeEnsemble ensemble = Booster.Fit(rows, Stump).Ensemble;

        Assert.Equal(likeLow ? 0 : 5, ensemble.Margin([float.NaN]), 4);
        Assert.Equal(likeLow, ensemble[0][0].MissingLeft);
    }

    [Fact]
    public void Being_missing_is_a_question_of_its_own()
    {
        TreeEnsemble ensemble = Booster.Fit(Tables.Column([1, 2, 1, 2, float.NaN, float.NaN], [0, 0, 0, 0, 8, 8]), Stump).Ensemble;

        Assert.Equal(float.PositiveInfinity, ensemble[0][0].Cut);
        Assert.Equal(0, ensemble.Margin([5]), 4);
        Assert.Equal(8, ensemble.Margin([float.NaN]), 4);
    }

    [Fact]
    public void Where_nothing_was_missing_a_missing_value_goes_with_the_majority()
    {
        TreeEnsemble ensemble = Booster.Fit(Tables.Column([1, 2, 3, 4, 5], [0, 0, 0, 9, 9]), Stump).Ensemble;

        Assert.Equal(0, ensemble.Margin([float.NaN]), 4);
    }

    [Fact]
    public void What_is_learnt_on_bins_is_answered_on_numbers()
    {
        Arbitrary<int[]> tables = Gen.Choose(-9, 9).ArrayOf(60).ToArbitrary();
        Prop.ForAll(tables, Gen.Choose(3, 9).ToArbitrary(), (numbers, bins) =>
        {
            float[] values = [.. numbers.Take(40).Select(Number)];
            float[] targets = [.. numbers.Skip(40).Select(n => (float)n)];
            var rows = new TrainingRows(values, 2, targets);

            TreeEnsemble ensemble = Booster.Fit(rows, Stump with { MaxDepth = 6, MinChildWeight = 0, MaxBins = bins }).Ensemble;

            // A leaf of the tree is the mean of the very rows that its numbers lead to.
            int[] leaves = [.. Enumerable.Range(0, targets.Length).Select(i => TreeEnsemble.LeafOf(ensemble[0], values.AsSpan(2 * i, 2)))];
            foreach (IGrouping<int, float> leaf in leaves.Zip(targets).GroupBy(p => p.First, p => p.Second))
                Assert.Equal(leaf.Average(), ensemble.BaseMargin + ensemble[0][leaf.Key].Value, 1e-4);
        }).QuickCheckThrowOnFailure();

        static float Number(int n) => n switch { 9 => float.PositiveInfinity, -9 => float.NegativeInfinity, 8 or -8 => float.NaN, _ => n / 4f };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_constrained_margin_never_turns_back(int direction)
    {
        TrainingRows rows = Tables.Noisy(2_000, 3);
        TreeEnsemble ensemble = Booster.Fit(rows, new BoostingOptions { Rounds = 30, Monotone = [direction, 0, 0] }).Ensemble;
        TreeEnsemble free = Booster.Fit(rows, new BoostingOptions { Rounds = 30 }).Ensemble;

        Assert.Equal(0, Turns(ensemble, direction));
        Assert.NotEqual(0, Turns(free, direction));
    }

    [Fact]
    public void One_thread_and_two_give_the_same_bytes()
    {
        TrainingRows rows = Tables.Noisy(40_000, 11, weighted: true);
        var options = new BoostingOptions { Rounds = 6, RowSampling = 0.7, ColumnSampling = 0.6, MinLeafRows = 30, Seed = 9 };

        Assert.Equal(Booster.Fit(rows, options).Ensemble.ToBytes(), Booster.Fit(rows, options with { Threads = 2 }).Ensemble.ToBytes());
        options = options with { MinLeafRows = 1, Seed = 10 };
        Assert.Equal(Booster.Fit(rows, options).Ensemble.ToBytes(), Booster.Fit(rows, options with { Threads = 2 }).Ensemble.ToBytes());
    }

    [Fact]
    public void An_ensemble_has_these_very_bytes_on_every_machine()
    {
        // Values of few bits, so that neither Math.Log nor Math.Cos of this machine has a say.
        TrainingRows drawn = Tables.Noisy(3_000, 10);
        float[] values = [.. drawn.Values.ToArray().Select(v => MathF.Round(v * 16) / 16)];

        byte[] bytes = Booster.Fit(new TrainingRows(values, 10, drawn.Targets), new BoostingOptions { Rounds = 20 }).Ensemble.ToBytes();

        Assert.Equal("0A86B1A184097355", Convert.ToHexString(SHA256.HashData(bytes))[..16]);
    }

    [Fact]
    public void The_search_of_eight_features_at_a_time_finds_what_the_one_of_single_features_finds()
    {
        TrainingRows rows = Tables.Noisy(3_000, 13, weighted: true);
        var options = new BoostingOptions { Rounds = 10 };

        Assert.Equal(Booster.Fit(rows, options).Ensemble.ToBytes(), Booster.Fit(rows, options with { MaxDelta = 1e6 }).Ensemble.ToBytes());
    }

    [Fact]
    public void Either_growth_gives_the_same_trees_where_leaves_do_not_run_out()
    {
        TrainingRows rows = Tables.Noisy(3_000);
        var options = new BoostingOptions { Rounds = 10 };

        float[] leafWise = Tables.Margins(Booster.Fit(rows, options).Ensemble, rows);

        Assert.Equal(leafWise, Tables.Margins(Booster.Fit(rows, options with { Growth = Growth.DepthWise }).Ensemble, rows));
        options = options with { MaxLeaves = 7 };
        TreeEnsemble few = Booster.Fit(rows, options).Ensemble, shallow = Booster.Fit(rows, options with { Growth = Growth.DepthWise }).Ensemble;
        Assert.All(Enumerable.Range(0, 10), t => Assert.Equal(13, few[t].Length));
        Assert.True(few[0].ToArray().Sum(n => n.Gain) > shallow[0].ToArray().Sum(n => n.Gain));
    }

    [Fact]
    public void A_fit_that_is_continued_on_the_same_rows_is_one_longer_fit()
    {
        TrainingRows rows = Tables.Noisy(2_000);
        var options = new BoostingOptions { Rounds = 20, RowSampling = 0.8, ColumnSampling = 0.5 };

        TreeEnsemble half = Booster.Fit(rows, options with { Rounds = 10 }).Ensemble;

        byte[] whole = Booster.Fit(rows, options).Ensemble.ToBytes();
        Assert.Equal(whole, Booster.Continue(half, rows, options with { Rounds = 10 }).Ensemble.ToBytes());
        Assert.Equal(whole, Booster.Continue(half, rows, options with { Rounds = 50 }, mostTrees: 20).Ensemble.ToBytes());
        Assert.Equal(half.ToBytes(), Booster.Continue(half, rows, options, mostTrees: 5).Ensemble.ToBytes());
    }

    [Fact]
    public void Early_stopping_keeps_the_rounds_up_to_the_least_validation_loss()
    {
        TrainingRows rows = Tables.Noisy(400), tail = Tables.Noisy(400, seed: 2);
        var options = new BoostingOptions { Rounds = 200, Patience = 5, Eta = 0.3 };

        BoostingReport report = Booster.Fit(rows, options, tail);

        Assert.InRange(report.BestRound, 1, 100);
        Assert.Equal(report.BestRound + 5, report.Rounds);
        Assert.Equal(report.ValidationLoss.Min(), report.ValidationLoss[report.BestRound - 1]);
        Assert.Equal(Booster.Fit(rows, options with { Rounds = report.BestRound, Patience = 0 }).Ensemble.ToBytes(), report.Ensemble.ToBytes());
        double[] p = [.. Tables.Margins(report.Ensemble, tail).Select(m => 1 / (1 + Math.Exp(-m)))];
        Assert.Equal(Classification.LogLoss(p, [.. tail.Targets.ToArray().Select(y => y > 0)]), report.ValidationLoss.Min(), 6);
    }

    [Fact]
    public void Where_no_round_betters_the_start_none_is_kept()
    {
        TrainingRows rows = Tables.Noisy(300), opposite = new(rows.Values, 6, (float[])[.. rows.Targets.ToArray().Select(y => 1 - y)]);

        BoostingReport report = Booster.Fit(rows, new BoostingOptions { Patience = 3 }, opposite);

        Assert.Equal((3, 0, 0), (report.Rounds, report.BestRound, report.Ensemble.Count));
    }

    [Fact]
    public void Training_loss_is_reported_on_request_and_falls()
    {
        BoostingReport report = Booster.Fit(Tables.Noisy(500, objective: Objective.Squared), new() { Objective = Objective.Squared, Rounds = 10, ReportTrainLoss = true });

        Assert.Equal(10, report.TrainLoss.Count);
        Assert.Equal(report.TrainLoss.OrderDescending(), report.TrainLoss);
    }

    [Fact]
    public void Leaves_of_the_pinball_loss_are_weighted_quantiles_of_what_is_left()
    {
        TrainingRows rows = Tables.Column([1, 1, 1, 2, 2, 2], [0, 1, 5, 100, 110, 150], [3, 4, 3, 1, 1, 2]);
        var options = Stump with { Objective = Objective.Pinball, Quantile = 0.6, MinChildWeight = 0 };

        TreeEnsemble ensemble = Booster.Fit(rows, options).Ensemble;

        Assert.Equal(5, ensemble.BaseMargin);
        Assert.Equal(1, ensemble.Margin([1]), 4);
        Assert.Equal(150, ensemble.Margin([2]), 4);
    }

    [Fact]
    public void A_quantile_covers_its_share()
    {
        TrainingRows rows = Tables.Noisy(4_000, objective: Objective.Squared), fresh = Tables.Noisy(4_000, objective: Objective.Squared, seed: 2);

        TreeEnsemble ensemble = Booster.Fit(rows, new BoostingOptions { Objective = Objective.Pinball, Quantile = 0.95, MinLeafRows = 100 }).Ensemble;

        // Four standard errors of a share of 4,000, and as much for the error of the fit.
        double share = Tables.Margins(ensemble, fresh).Zip(fresh.Targets.ToArray(), (m, y) => y <= m ? 1.0 : 0).Average();
        Assert.InRange(share, 0.92, 0.97);
    }

    [Fact]
    public void Sampled_rows_and_columns_depend_on_the_seed()
    {
        TrainingRows rows = Tables.Noisy(500);
        var options = new BoostingOptions { Rounds = 3, RowSampling = 0.5 };

        Assert.NotEqual(Booster.Fit(rows, options).Ensemble.ToBytes(), Booster.Fit(rows, options with { Seed = 1 }).Ensemble.ToBytes());
        Assert.InRange(Booster.Fit(rows, options).Ensemble[0][0].Cover / Booster.Fit(rows, options with { RowSampling = 1 }).Ensemble[0][0].Cover, 0.4, 0.6);
        TreeEnsemble two = Booster.Fit(rows, options with { ColumnSampling = 0.3 }).Ensemble;
        Assert.All(Enumerable.Range(0, 3), t => Assert.InRange(two[t].ToArray().Where(n => !n.IsLeaf).Select(n => n.Feature).Distinct().Count(), 1, 2));
    }

    [Fact]
    public void Refreshed_leaves_move_towards_the_newer_rows()
    {
        TreeEnsemble start = Booster.Fit(Steps, Stump).Ensemble;
        TrainingRows newer = Tables.Column([1, 2], [10, 10]);

        TreeEnsemble refreshed = Booster.Refresh(start, newer, Stump, 0.3);

        // What is left of 10 above the base is 6.25; the right leaf has no rows and stays.
        Assert.Equal(3.75 + 0.7 * -3.75 + 0.3 * 6.25, refreshed.Margin([1]), 5);
        Assert.Equal(start.Margin([4]), refreshed.Margin([4]));
        TrainingRows same = Tables.Noisy(800);
        TreeEnsemble fitted = Booster.Fit(same, new()).Ensemble;
        float[] again = Tables.Margins(Booster.Refresh(fitted, same, new(), 1), same), first = Tables.Margins(fitted, same);
        for (int i = 0; i < again.Length; i++) Assert.Equal(first[i], again[i], 1e-4);
    }

    [Fact]
    public void Constant_features_and_a_single_row_leave_the_mean()
    {
        TreeEnsemble constant = Booster.Fit(Tables.Column([7, 7, 7, 7], [0, 1, 1, 1]), new()).Ensemble;
        TreeEnsemble single = Booster.Fit(Tables.Column([7], [2.5f]), Stump).Ensemble;

        Assert.Equal(0.75, constant.Predict([7]), 6);
        Assert.Equal(2.5f, single.Margin([7]));
        Assert.All(Enumerable.Range(0, constant.Count), t => Assert.Equal(1, constant[t].Length));
    }

    [Fact]
    public void The_units_of_targets_and_weights_do_not_matter()
    {
        TrainingRows rows = Tables.Noisy(500, objective: Objective.Squared, weighted: true);
        BoostingOptions options = new() { Objective = Objective.Squared, Rounds = 5, Lambda = 0, MinChildWeight = 0, MinLeafRows = 20 };
        float[] expected = Tables.Margins(Booster.Fit(rows, options).Ensemble, rows);
        foreach ((float target, float weight) in (ReadOnlySpan<(float, float)>)[(1e15f, 1e7f), (1e-12f, 1e-9f)])
        {
            var scaled = new TrainingRows(rows.Values, 6, (float[])[.. rows.Targets.ToArray().Select(y => y * target)],
                (float[])[.. rows.Weights.ToArray().Select(w => w * weight)]);

            float[] found = Tables.Margins(Booster.Fit(scaled, options).Ensemble, scaled);

            for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i] / target, 1e-4);
        }
    }

    private static int Turns(TreeEnsemble ensemble, int direction)
    {
        int turns = 0;
        foreach (float x1 in (float[])[-1, 0.4f, 2])
            for (float x = -3; x < 3; x += 0.01f)
                if (direction * (ensemble.Margin([x + 0.01f, x1, 0.5f]) - ensemble.Margin([x, x1, 0.5f])) < 0) turns++;
        return turns;
    }
}
