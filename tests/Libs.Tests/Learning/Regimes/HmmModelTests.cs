using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Regimes;

namespace QuadTurbo.Libs.Tests.Learning.Regimes;

public sealed class HmmModelTests
{
    private static readonly HmmModel Two = new([0.3, 0.7], [0.9, 0.1, 0.25, 0.75], [-1, 2], [1, 4], [0], [1]);

    [Fact]
    public void Likelihood_and_filtered_probabilities_are_those_of_logarithms_and_scipy()
    {
        var fixture = Fixture.Load("regimes");
        HmmModel model = Planted(fixture);
        double[] rows = fixture.Input("rows");
        double[][] filtered = [.. fixture.Results.GetProperty("filtered").EnumerateArray().Select(Fixture.Numbers)];
        var filter = new HmmFilter(model);

        for (int t = 0; t < rows.Length / 2; t++)
        {
            filter.Step(rows.AsSpan(t * 2, 2));
            if (t % 10 != 0) continue;
            for (int k = 0; k < 3; k++) Assert.Equal(filtered[t / 10][k], filter.Probabilities[k], 1e-12);
        }

        double expected = fixture.Figure("log_likelihood");
        Assert.Equal(expected, filter.LogLikelihood, 1e-12 * Math.Abs(expected));
        Assert.Equal(filter.LogLikelihood, model.LogLikelihood(rows));
    }

    [Fact]
    public void Likelihood_of_a_short_sequence_is_the_sum_over_all_paths_of_states()
    {
        SplitMix64 random = SplitMix64.Stream(1, "paths");
        var rows = new double[8];
        for (int i = 0; i < rows.Length; i++) rows[i] = i == 3 ? double.NaN : 2 * random.NextNormal();

        double sum = 0;
        for (int path = 0; path < 1 << rows.Length; path++)
        {
            double p = 1;
            for (int t = 0, before = -1; t < rows.Length; t++)
            {
                int state = (path >> t) & 1;
                p *= before < 0 ? Two.Start[state] : Two.Transition[before * 2 + state];
                p *= double.IsNaN(rows[t]) ? 1 : Density(rows[t], Two.Means[state], Two.Covariances[state]);
                before = state;
            }
            sum += p;
        }

        Assert.Equal(Math.Log(sum), Two.LogLikelihood(rows), 1e-12);
    }

    [Fact]
    public void What_is_said_of_a_row_does_not_depend_on_later_rows()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(short[] Past, short[] Future, short[] Other)>(), rows =>
        {
            Assert.Equal(After(rows.Past, rows.Future), After(rows.Past, rows.Other));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_missing_row_moves_time_on_and_says_nothing()
    {
        var filter = new HmmFilter(Two);
        filter.Step([0.5]);
        double[] before = filter.Probabilities.ToArray();

        filter.Step([double.NaN]);

        Assert.Equal(before[0] * 0.9 + before[1] * 0.25, filter.Probabilities[0], 1e-15);
        Assert.Equal(Two.LogLikelihood([0.5]), filter.LogLikelihood);
        Assert.Equal(2, filter.Rows);
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(-1e150)]
    [InlineData(1e300)]
    public void A_row_far_out_leaves_probabilities_that_sum_to_one(double far)
    {
        var filter = new HmmFilter(Two);
        filter.Step([0]);

        filter.Step([far]);

        Assert.Equal(1, filter.Probabilities[0] + filter.Probabilities[1], 1e-12);
        if (far < 1e200) Assert.Equal(1, filter.Probabilities[1], 1e-12);
        else Assert.Equal(double.NegativeInfinity, filter.LogLikelihood);
    }

    [Fact]
    public void An_infinite_value_or_another_length_is_refused_and_changes_nothing()
    {
        var filter = new HmmFilter(Two);

        Assert.Contains("column 0 is Infinity", Message(() => filter.Step([double.PositiveInfinity])), StringComparison.Ordinal);
        Assert.Contains("2 columns; the model reads 1", Message(() => filter.Step([1, 2])), StringComparison.Ordinal);
        Assert.Equal(0, filter.Rows);
        Assert.Equal(Two.Start.ToArray(), filter.Probabilities.ToArray());
    }

    [Fact]
    public void A_step_of_the_filter_allocates_nothing()
    {
        var filter = new HmmFilter(Two);
        filter.Step([0]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int t = 0; t < 1_000; t++) filter.Step([0.1]);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_model_survives_its_bytes()
    {
        byte[] bytes = Two.ToBytes();

        Assert.Equal(bytes, HmmModel.FromBytes(bytes).ToBytes());
        for (int cut = 0; cut < bytes.Length; cut++) Assert.Throws<InvalidDataException>(() => HmmModel.FromBytes(bytes.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => HmmModel.FromBytes([.. bytes, 0]));
    }

    [Fact]
    public void Parameters_that_are_no_model_are_refused_by_name()
    {
        Assert.Contains(
            "start sums to 0.75",
            Message(() => new HmmModel([0.25, 0.5], Two.Transition, Two.Means, Two.Covariances, [0], [1])), StringComparison.Ordinal);
        Assert.Contains(
            "transition row 1 holds -0.5",
            Message(() => new HmmModel(Two.Start, [1, 0, 1.5, -0.5], Two.Means, Two.Covariances, [0], [1])), StringComparison.Ordinal);
        Assert.Contains(
            "covariance 1 is not positive definite",
            Message(() => new HmmModel(Two.Start, Two.Transition, Two.Means, [1, 0], [0], [1])), StringComparison.Ordinal);
        Assert.Contains(
            "number 1 is NaN",
            Message(() => new HmmModel(Two.Start, Two.Transition, [0, double.NaN], Two.Covariances, [0], [1])), StringComparison.Ordinal);
        Assert.Contains(
            "not symmetric at 1, 0", Message(() => new HmmModel([1], [1], [0, 0], [1, 0.5, 0, 1], [0, 0], [1, 1])), StringComparison.Ordinal);
        Assert.Contains("0 states", Message(() => new HmmModel([], [], [], [], [0], [1])), StringComparison.Ordinal);
    }

    internal static HmmModel Planted(Fixture fixture)
    {
        JsonElement model = fixture.Results.GetProperty("model");
        return new HmmModel(
            Fixture.Numbers(model.GetProperty("start")), Fixture.Numbers(model.GetProperty("transition")),
            Fixture.Numbers(model.GetProperty("means")), Fixture.Numbers(model.GetProperty("covariances")),
            fixture.Result("centre"), fixture.Result("inverse_deviation"));
    }

    private static double[] After(short[] past, short[] future)
    {
        var filter = new HmmFilter(Two);
        double[] said = [];
        foreach (short x in past)
        {
            filter.Step([x / 1000.0]);
            said = filter.Probabilities.ToArray();
        }
        foreach (short x in future) filter.Step([x / 1000.0]);
        return said;
    }

    private static double Density(double x, double mean, double variance) =>
        Math.Exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);

    private static string Message(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
