using QuadTurbo.Learning.Regimes;

namespace QuadTurbo.Libs.Tests.Learning.Regimes;

public sealed class RegimeModelTests
{
    // Columns: volatility, drift. States: drifting down, wild, quiet.
    private static readonly HmmModel Shuffled = new(
        [0.2, 0.3, 0.5], [0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.05, 0.05, 0.9], [0, -2, 3, 1, -1, 0.1],
        [1, 0, 0, 1, 2, 0.5, 0.5, 2, 1, 0, 0, 1], [0, 0], [1, 1]);

    [Fact]
    public void The_wildest_state_is_panic_and_of_the_others_the_one_that_drifts_most_is_trend()
    {
        var model = new RegimeModel(Shuffled, volatilityColumn: 0, driftColumn: 1);

        Assert.Equal([Regime.Range, Regime.Trend, Regime.Panic], model.Labels.ToArray());
        Assert.Equal([-1, 0.1, 0, -2, 3, 1], model.Hmm.Means.ToArray());
        Assert.Equal([0.9, 0.05, 0.05, 0.1, 0.8, 0.1, 0.1, 0.2, 0.7], model.Hmm.Transition.ToArray());
    }

    [Fact]
    public void The_order_in_which_a_fit_numbers_its_states_does_not_matter()
    {
        double[] rows = PlantedMarket.Draw(1_500, seed: 2).Rows;
        RegimeModel[] models = [.. Enumerable.Range(1, 6).Select(seed =>
            new RegimeModel(BaumWelch.Fit(rows, 4, new HmmOptions { Seed = seed }).Model, PlantedMarket.Volatility, PlantedMarket.Drift))];

        foreach (RegimeModel other in models)
            for (int i = 0; i < 12; i++) Assert.Equal(models[0].Hmm.Means[i], other.Hmm.Means[i], 0.02);
        byte[] bytes = new RegimeModel(Shuffled, 0, 1).ToBytes();
        Assert.Equal(bytes, new RegimeModel(new RegimeModel(Shuffled, 1, 0).Hmm, 0, 1).ToBytes());
    }

    [Fact]
    public void Followed_live_the_planted_regime_is_named_right_nineteen_times_of_twenty()
    {
        var model = new RegimeModel(BaumWelch.Fit(PlantedMarket.Draw(3_000, seed: 3).Rows, 4).Model, PlantedMarket.Volatility, PlantedMarket.Drift);
        (double[] rows, int[] states) = PlantedMarket.Draw(3_000, seed: 4);
        var filter = new RegimeFilter(model);
        int right = 0;

        for (int t = 0; t < states.Length; t++)
        {
            if (filter.Step(rows.AsSpan(t * 4, 4)) == (Regime)states[t]) right++;
            Assert.Equal(1, filter.Probabilities[0] + filter.Probabilities[1] + filter.Probabilities[2], 1e-12);
        }

        Assert.InRange(right, 0.95 * states.Length, states.Length);
    }

    [Fact]
    public void Fewer_states_than_names_leave_names_out_and_more_are_summed()
    {
        var one = new RegimeFilter(new RegimeModel(new HmmModel([1], [1], [0], [1], [0], [1]), 0, 0));
        var two = new RegimeModel(new HmmModel([0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [1, 0], [1, 1], [0], [1]), 0, 0);
        var four = new RegimeModel(
            new HmmModel([0.1, 0.2, 0.3, 0.4], [.. Enumerable.Repeat(0.25, 16)], [1, 9, 2, 3], [1, 1, 1, 1], [0], [1]), 0, 0);

        Assert.Equal([1, 0, 0], one.Probabilities.ToArray());
        Assert.Equal([Regime.Range, Regime.Panic], two.Labels.ToArray());
        Assert.Equal([Regime.Range, Regime.Range, Regime.Trend, Regime.Panic], four.Labels.ToArray());
        double[] summed = new RegimeFilter(four).Probabilities.ToArray();
        Assert.Equal(0.4, summed[0], 1e-15);
        Assert.Equal(0.4, summed[1], 1e-15);
        Assert.Equal(0.2, summed[2], 1e-15);
    }

    [Fact]
    public void A_model_survives_its_bytes_and_columns_it_has_not_are_refused()
    {
        var model = new RegimeModel(Shuffled, 0, 1);
        byte[] bytes = model.ToBytes(), other = model.ToBytes();
        other[4] = 2;

        Assert.Equal(bytes, RegimeModel.FromBytes(bytes).ToBytes());
        for (int cut = 0; cut < bytes.Length; cut++) Assert.Throws<InvalidDataException>(() => RegimeModel.FromBytes(bytes.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => RegimeModel.FromBytes(other));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegimeModel(Shuffled, 2, 0));
    }

    [Fact]
    public void A_step_of_the_filter_allocates_nothing()
    {
        var filter = new RegimeFilter(new RegimeModel(Shuffled, 0, 1));
        filter.Step([0, 0]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int t = 0; t < 1_000; t++) filter.Step([0.1, t]);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
