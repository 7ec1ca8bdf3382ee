using System.Text.Json;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Regimes;

namespace QuadTurbo.Libs.Tests.Learning.Regimes;

public sealed class BaumWelchTests
{
    private static readonly double[] Market = PlantedMarket.Draw(4_000, seed: 1).Rows;

    private static readonly HmmFit Fitted = BaumWelch.Fit(Market, PlantedMarket.Columns);

    [Fact]
    public void The_fit_ends_where_the_textbook_algorithm_ends()
    {
        // Both climb to the same maximum by other routes: 1e-6 is what is left of the way when steps gain less than 1e-15 per row.
        var fixture = Fixture.Load("regimes");
        JsonElement expected = fixture.Results.GetProperty("fitted");
        HmmFit fit = BaumWelch.Fit(fixture.Input("rows"), 2, new HmmOptions { Tolerance = 1e-15, MostIterations = 2_000, VarianceFloor = 1e-6 });
        HmmModel model = new RegimeModel(fit.Model, 0, 1).Hmm;
        int[] order = [.. Enumerable.Range(0, 3).OrderBy(k => model.Means[k * 2])];

        Assert.Equal(Fixture.Number(expected.GetProperty("log_likelihood")), fit.LogLikelihood, 1e-9);
        Near(fixture.Result("centre"), model.Centre.ToArray(), 1e-12);
        Near(fixture.Result("inverse_deviation"), model.InverseDeviation.ToArray(), 1e-12);
        Near(Fixture.Numbers(expected.GetProperty("transition")), [.. order.SelectMany(i => order.Select(j => model.Transition[i * 3 + j]))], 1e-6);
        Near(Fixture.Numbers(expected.GetProperty("means")), [.. order.SelectMany(k => model.Means.Slice(k * 2, 2).ToArray())], 1e-6);
        Near(Fixture.Numbers(expected.GetProperty("covariances")), [.. order.SelectMany(k => model.Covariances.Slice(k * 4, 4).ToArray())], 1e-6);
    }

    [Fact]
    public void No_step_lowers_the_likelihood_even_where_the_floor_holds()
    {
        foreach ((double floor, long seed) in (ReadOnlySpan<(double, long)>)[(0.01, 1), (0.3, 2), (0.9, 3)])
        {
            double[] rows = PlantedMarket.Draw(500, seed).Rows;
            var options = new HmmOptions { VarianceFloor = floor, Restarts = 1, Seed = seed, Tolerance = 0 };
            HmmFit fit = BaumWelch.Fit(rows, PlantedMarket.Columns, options);

            Assert.True(fit.LogLikelihoods.Count > 5);
            for (int i = 1; i < fit.LogLikelihoods.Count; i++)
                Assert.True(fit.LogLikelihoods[i] >= fit.LogLikelihoods[i - 1] - 1e-9 * Math.Abs(fit.LogLikelihoods[i]), $"floor {floor}, step {i}");
            Assert.Equal(fit.LogLikelihood, fit.Model.LogLikelihood(rows), 1e-8);
        }
    }

    [Fact]
    public void Planted_states_are_found_again()
    {
        var model = new RegimeModel(Fitted.Model, PlantedMarket.Volatility, PlantedMarket.Drift);

        Assert.True(Fitted.Converged);
        for (int k = 0; k < 3; k++)
        {
            for (int j = 0; j < PlantedMarket.Columns; j++)
                Assert.Equal(PlantedMarket.Means[k][j], model.Hmm.MeanOf(k, j), 0.15 * PlantedMarket.Spreads[k][j]);
            Assert.Equal(PlantedMarket.Stay, model.Hmm.Transition[k * 3 + k], 0.02);
            double deviation = Math.Sqrt(model.Hmm.Covariances[k * 16 + 5]) / model.Hmm.InverseDeviation[1];
            Assert.Equal(PlantedMarket.Spreads[k][1], deviation, 0.1 * PlantedMarket.Spreads[k][1]);
        }
    }

    [Fact]
    public void Same_rows_and_seed_give_the_same_bits() =>
        Assert.Equal(Fitted.Model.ToBytes(), BaumWelch.Fit(Market, PlantedMarket.Columns).Model.ToBytes());

    [Fact]
    public void The_likeliest_restart_is_kept()
    {
        double[] rows = PlantedMarket.Draw(300, seed: 4).Rows;
        double[] each = [.. Enumerable.Range(1, 5).Select(n => BaumWelch.Fit(rows, 4, new HmmOptions { Restarts = n }).LogLikelihood)];

        Assert.Equal(each.Order(), each);
    }

    [Fact]
    public void A_constant_column_and_missing_rows_change_nothing_of_the_others()
    {
        double[] rows = PlantedMarket.Draw(600, seed: 5).Rows;
        double[] wider = [.. rows.Chunk(4).SelectMany(r => r.Append(0.1))];
        var options = new HmmOptions { Restarts = 2 };
        HmmModel narrow = BaumWelch.Fit(rows, 4, options).Model, wide = BaumWelch.Fit(wider, 5, options).Model;
        double[] gaps = [.. rows, double.NaN, 1, 1, 1, 1, 1, 1, double.NaN];
        HmmModel gapped = BaumWelch.Fit(gaps, 4, options).Model;

        for (int k = 0; k < 3; k++)
        {
            for (int j = 0; j < 4; j++) Assert.Equal(narrow.MeanOf(k, j), wide.MeanOf(k, j), 1e-9);
            for (int j = 0; j < 4; j++) Assert.Equal(narrow.MeanOf(k, j), gapped.MeanOf(k, j), 0.01 * PlantedMarket.Spreads[0][j]);
            Assert.Equal(0.1, wide.MeanOf(k, 4), 1e-15);
        }
        Assert.Equal(0, wide.InverseDeviation[4]);
    }

    [Fact]
    public void Equal_rows_are_a_model_too()
    {
        HmmFit fit = BaumWelch.Fit([2, 3, 2, 3, 2, 3], 2);

        Assert.True(double.IsFinite(fit.LogLikelihood));
        Assert.Equal(2, fit.Model.MeanOf(2, 0));
    }

    [Fact]
    public void A_few_repeated_rows_do_not_break_a_state()
    {
        SplitMix64 random = SplitMix64.Stream(6, "repeated");
        var rows = new double[200];
        for (int i = 0; i < rows.Length; i++) rows[i] = random.NextInt(3) == 0 ? 7 : random.NextNormal();

        HmmFit fit = BaumWelch.Fit(rows, 1);

        for (int k = 0; k < 3; k++) Assert.True(fit.Model.Covariances[k] >= 0.01 * (1 - 1e-12));
    }

    [Fact]
    public void Too_few_rows_infinities_and_options_out_of_range_are_refused()
    {
        Assert.Contains("2 complete rows for 3 states", Refused([1, 2, double.NaN], 1), StringComparison.Ordinal);
        Assert.Contains("0 complete rows", Refused([], 1), StringComparison.Ordinal);
        Assert.Contains("row 1, column 0 is Infinity", Refused([1, 2, double.PositiveInfinity, 4], 2), StringComparison.Ordinal);
        Assert.Contains("3 numbers are not rows of 2", Refused([1, 2, 3], 2), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("VarianceFloor", () => BaumWelch.Fit([1, 2, 3], 1, new HmmOptions { VarianceFloor = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Tolerance", () => BaumWelch.Fit([1, 2, 3], 1, new HmmOptions { Tolerance = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => BaumWelch.Fit([1, 2, 3], 1, new HmmOptions { States = 17 }));
    }

    private static string Refused(double[] rows, int columns) => Assert.Throws<ArgumentException>(() => BaumWelch.Fit(rows, columns)).Message;

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance);
    }
}
