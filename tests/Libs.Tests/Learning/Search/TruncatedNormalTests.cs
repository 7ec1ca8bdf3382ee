using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Search;

namespace QuadTurbo.Libs.Tests.Learning.Search;

public sealed class TruncatedNormalTests
{
    [Theory]
    [InlineData(0, 1, -1, 1)]
    [InlineData(0, 0.05, -1, 1)]
    [InlineData(1, 0.1, -1, 1)]
    [InlineData(-3, 100, -3, 7)]
    public void The_density_integrates_to_one(double mean, double deviation, double low, double high)
    {
        var normal = new TruncatedNormal(mean, deviation, low, high);
        const int Panels = 20_000;
        double step = (high - low) / Panels, sum = 0;
        for (int i = 0; i <= Panels; i++) sum += normal.Density(low + i * step) * (i is 0 or Panels ? 1 : i % 2 == 0 ? 2 : 4);

        // Simpson's rule is exact far beyond this here; the rest is rounding.
        Assert.Equal(1, sum * step / 3, 1e-10);
        Assert.Equal(1, normal.Mass(low, high), 1e-14);
        Assert.Equal(0, normal.Density(low - 0.001));
        Assert.Equal(0, normal.Density(high + 0.001));
    }

    [Fact]
    public void A_published_value_is_met()
    {
        // pdf(0) and cdf(0.5) of scipy.stats.truncnorm(-1, 1).
        var normal = new TruncatedNormal(0, 1, -1, 1);

        Assert.Equal(0.5843685672568167, normal.Density(0), 1e-12);
        Assert.Equal(0.7804532125940016, normal.Mass(-1, 0.5), 1e-12);
    }

    [Fact]
    public void A_quantile_has_its_share_below_it()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Mean, byte Deviation, byte Share)>(), x =>
        {
            var normal = new TruncatedNormal(x.Mean / 255.0, (x.Deviation + 3) / 255.0, 0, 1);
            double share = x.Share / 256.0;
            Assert.Equal(share, normal.Mass(0, normal.Quantile(share)), 1e-10);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_mean_outside_the_limits_or_no_deviation_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("mean", () => new TruncatedNormal(2, 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("deviation", () => new TruncatedNormal(0.5, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => new TruncatedNormal(0, 1, 0, 0));
    }
}
