using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Metrics;

public sealed class SharpeTests
{
    [Fact]
    public void The_published_strategy_is_deflated_by_its_trials()
    {
        // Bailey and López de Prado 2014, numerical example: 1,250 days, annual ratio 2.5 of 250 days, variance of trials 1/2 a year, skewness −3,
        // kurtosis 10. The paper rounds to four places.
        double Confidence(int trials) => Sharpe.Probabilistic(2.5 / Math.Sqrt(250), Sharpe.ExpectedMaximum(0.5 / 250, trials), 1_250, -3, 10);

        Assert.Equal(0.1132, Sharpe.ExpectedMaximum(0.5 / 250, 100), 0.00005);
        Assert.Equal(0.9004, Confidence(100), 0.0001);
        Assert.Equal(0.9505, Confidence(46), 0.0001);
    }

    [Fact]
    public void The_best_of_worthless_trials_shows_the_expected_maximum()
    {
        // The formula is an approximation by extreme values: within 2 % at 50 trials; 4,000 draws of the maximum have an error of 0.3 %.
        var random = SplitMix64.Stream(1, "maximum");
        double sum = 0;
        for (int draw = 0; draw < 4_000; draw++)
        {
            double best = double.NegativeInfinity;
            for (int t = 0; t < 50; t++) best = Math.Max(best, random.NextNormal());
            sum += best;
        }

        Assert.Equal(sum / 4_000, Sharpe.ExpectedMaximum(1, 50), 0.05);
    }

    [Fact]
    public void One_trial_was_not_chosen_and_is_not_deflated()
    {
        double[] returns = [0.2, -0.1, 0.3, 0.1, -0.2, 0.25];

        Assert.Equal(0, Sharpe.ExpectedMaximum(3, 1));
        Assert.Equal(Sharpe.Probabilistic(returns), Sharpe.Deflated(returns, [0.4]));
        Assert.Throws<ArgumentException>(() => Sharpe.Deflated(returns, []));
    }

    [Fact]
    public void Returns_without_spread_have_no_ratio()
    {
        Assert.Equal(double.NaN, Sharpe.Ratio([0.1, 0.1, 0.1]));
        Assert.Equal(double.NaN, Sharpe.Probabilistic([0.1, 0.1, 0.1]));
        Assert.Equal(double.NaN, Sharpe.Ratio([0.1]));
        Assert.Equal(double.NaN, Sharpe.Ratio([]));
        Assert.Throws<ArgumentException>(() => Sharpe.Ratio([0.1, double.NaN]));
    }
}
