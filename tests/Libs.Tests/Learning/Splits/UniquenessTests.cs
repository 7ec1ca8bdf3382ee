using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Splits;

namespace QuadTurbo.Libs.Tests.Learning.Splits;

public sealed class UniquenessTests
{
    [Fact]
    public void Uniqueness_of_a_small_example_worked_by_hand()
    {
        // Ticks 0..3 and 2..5 share 2 and 3: (1 + 1 + 1/2 + 1/2)/4; 9..9 stands alone; twins share all.
        Assert.Equal([0.75, 0.75, 1, 0.5, 0.5], Uniqueness.Average([new(0, 3), new(2, 5), new(9, 9), new(20, 29), new(20, 29)]));
        Assert.Equal([], Uniqueness.Average([]));
    }

    [Fact]
    public void Uniqueness_is_the_mean_over_the_ticks_of_a_label()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int Start, int Length)[]>(), drawn =>
        {
            LabelSpan[] spans = [.. drawn.Select(d => Spans.Of(d.Start, d.Length))];
            double[] found = Uniqueness.Average(spans);
            for (int i = 0; i < spans.Length; i++)
            {
                double sum = 0;
                for (long t = spans[i].Start; t <= spans[i].End; t++) sum += 1.0 / spans.Count(s => s.Start <= t && t <= s.End);
                Assert.Equal(sum / (spans[i].End - spans[i].Start + 1), found[i], 1e-14);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_short_label_after_a_long_time_loses_nothing()
    {
        long late = LabelSpan.Limit - 10;

        Assert.Equal([1, 0.5, 0.5], Uniqueness.Average([new(-LabelSpan.Limit, late - 1), new(late, late), new(late, late)]));
    }

    [Theory]
    [InlineData(1, new double[] { 1, 1, 1, 1 })]
    [InlineData(0.5, new double[] { 1, 0.625, 0.875, 0.75 })]
    [InlineData(0, new double[] { 1, 0.25, 0.75, 0.5 })]
    [InlineData(-0.5, new double[] { 1, 0, 0.5, 0 })]
    public void Weights_decay_from_the_newest_to_the_oldest(double oldest, double[] expected)
    {
        LabelSpan[] spans = [new(30, 31), new(0, 1), new(20, 21), new(10, 11)];

        Assert.Equal(expected, Uniqueness.TimeDecay([0.5, 0.5, 0.5, 0.5], spans, oldest));
    }

    [Fact]
    public void A_decay_that_is_not_defined_is_refused()
    {
        LabelSpan[] one = [new(0, 1)];
        Assert.Throws<ArgumentOutOfRangeException>(() => Uniqueness.TimeDecay([1], one, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Uniqueness.TimeDecay([1], one, double.NaN));
        Assert.Throws<ArgumentException>(() => Uniqueness.TimeDecay([1, 1], one, 0.5));
        var none = Assert.Throws<ArgumentException>(() => Uniqueness.TimeDecay([0], one, 0.5));
        Assert.Contains("uniqueness 0 is 0", none.Message, StringComparison.Ordinal);
    }
}
