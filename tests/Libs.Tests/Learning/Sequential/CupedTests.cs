using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Libs.Tests.Learning.Sequential;

public sealed class CupedTests
{
    [Fact]
    public void The_mean_stays_and_the_variance_falls_by_what_the_covariate_explains()
    {
        var random = new SplitMix64(5);
        var x = new double[400];
        var y = new double[400];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = 3 + random.NextNormal();
            y[i] = 2 * x[i] + random.NextNormal();
        }

        Cuped fit = Cuped.Fit(x, y);

        Moments before = Moments.Of(y), after = Moments.Of([.. x.Zip(y, fit.Adjust)]);
        Assert.Equal(2, fit.Theta, 0.2);
        Assert.Equal(0.8, fit.Explained, 0.05);
        Assert.Equal(before.Mean, after.Mean, 1e-12);
        Assert.Equal(1 - fit.Explained, after.Variance / before.Variance, 1e-12);
        foreach (double theta in (double[])[fit.Theta - 0.01, fit.Theta + 0.01])
            Assert.True(Moments.Of([.. x.Zip(y, (fit with { Theta = theta }).Adjust)]).Variance > after.Variance);
    }

    [Fact]
    public void A_covariate_that_says_nothing_changes_nothing()
    {
        Assert.Equal(new Cuped(0, 4, 0), Cuped.Fit([4, 4, 4], [1, 2, 3]));
        Assert.Equal(2, new Cuped(0, 4, 0).Adjust(99, 2));
        Assert.Equal(0, Cuped.Fit([1, 2, 3], [5, 5, 5]).Explained);
    }

    [Fact]
    public void Bad_rows_are_refused_by_name_and_index()
    {
        Assert.Throws<ArgumentException>(() => Cuped.Fit([], []));
        Assert.Throws<ArgumentException>(() => Cuped.Fit([1], [1, 2]));
        Assert.Contains("covariate 1", Assert.Throws<ArgumentException>(() => Cuped.Fit([1, double.NaN], [1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("value 0", Assert.Throws<ArgumentException>(() => Cuped.Fit([1, 2], [double.NegativeInfinity, 2])).Message,
            StringComparison.Ordinal);
    }
}
