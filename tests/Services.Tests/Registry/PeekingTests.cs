using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Trading.Models;
using static QuadTurbo.Services.Tests.Registry.TemporaryRegistry;

namespace QuadTurbo.Services.Tests.Registry;

/// <summary>Whole experiments and rollbacks, simulated many times over, looked at after every outcome.</summary>
/// <remarks>
/// Paired differences of standard deviation 15 bps, as in the issue. A share of errors p̂ of n runs has the standard deviation √(p (1 − p) / n):
/// the quick runs allow three of them around the stated share, the long ones what the issue states.
/// </remarks>
public class PeekingTests
{
    private const double Deviation = 15;
    private const double Mde = 1.5;
    private const double Loss = 5;
    private const int RollbackTrades = 400;

    // 785 differences; a test that is read once, at α 5 % and power 80 %: the variance of one arm is enough, as they are paired.
    private static readonly int FixedSize = (int)FixedHorizon.SamplesForMeans(Deviation, 0, Mde);

    [Fact]
    // 5 % + 3 × 1.26 %
    public void Looked_at_after_every_sample_equal_models_differ_in_few_of_300_runs() => Assert.InRange(Decided(300, 0, 2 * FixedSize).Both, 0, 26);

    [Fact]
    public void A_gain_that_matters_is_mostly_found_within_twice_the_fixed_size_in_100_runs() =>
        Assert.InRange(Decided(100, Mde, 2 * FixedSize).Better, 68, 100); // 80 % − 3 × 4 %

    [Fact]
    // 95 % − 3 × 3.4 %
    public void A_model_that_loses_five_bps_is_mostly_sent_back_within_400_trades_in_40_runs() => Assert.InRange(SentBack(40, -Loss), 34, 40);

    [Fact]
    public void An_equal_model_is_hardly_ever_sent_back_in_200_runs() => Assert.InRange(SentBack(200, 0), 0, 6); // 1 % + 3 × 0.7 %

    [Fact]
    [Trait("Category", "Long")]
    public void Looked_at_after_every_sample_equal_models_differ_in_at_most_5_percent_of_2000_runs()
    {
        Assert.InRange(Decided(2_000, 0, 2 * FixedSize).Both / 2_000.0, 0, 0.065);
        Assert.InRange(Decided(2_000, 0, 10_000).Both / 2_000.0, 0, 0.065);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_gain_that_matters_is_found_within_twice_the_fixed_size_in_80_percent_of_2000_runs() =>
        Assert.InRange(Decided(2_000, Mde, 2 * FixedSize).Better / 2_000.0, 0.8, 1);

    [Fact]
    [Trait("Category", "Long")]
    public void A_model_that_loses_five_bps_is_sent_back_within_400_trades_in_95_percent_of_200_runs() =>
        Assert.InRange(SentBack(200, -Loss) / 200.0, 0.95, 1);

    [Fact]
    [Trait("Category", "Long")]
    public void An_equal_model_is_sent_back_in_at_most_1_percent_of_2000_runs() => Assert.InRange(SentBack(2_000, 0) / 2_000.0, 0, 0.01);

    [Fact]
    public void Outcomes_that_hang_together_by_the_minute_err_too_often_unless_minutes_are_the_samples()
    {
        // Four outcomes a minute that share three quarters of their variance; 400 minutes. 5 % of 200 runs + 3 × 1.5 % = 19.
        Assert.InRange(Together(EvidenceUnit.Minute, 2 * Mde * 2), 0, 19);
        Assert.InRange(Together(EvidenceUnit.Opportunity, Mde), 40, 200);
    }

    private static (int Better, int Both) Decided(int runs, double gain, int samples)
    {
        int better = 0, both = 0;
        for (int run = 0; run < runs; run++)
        {
            var random = SplitMix64.Stream(run, "peeking");
            Experiment experiment = Make(EvidenceUnit.Opportunity, Mde);
            for (int i = 0; i < samples; i++)
            {
                double champion = 3 + 20 * random.NextNormal();
                experiment.Learn(new PairedOutcome(Noon, 0.5, 0.5, champion, champion + gain + Deviation * random.NextNormal(), champion > 0));
                Interval at = experiment.GainBps;
                if (at.Low <= 0 && at.High >= 0) continue;
                both++;
                if (at.Low > 0) better++;
                break;
            }
        }
        return (better, both);
    }

    private static int SentBack(int runs, double gain)
    {
        int sent = 0;
        var policy = new RollbackPolicy { Money = new RollbackPolicy().Money with { Unit = EvidenceUnit.Opportunity } };
        for (int run = 0; run < runs; run++)
        {
            var random = SplitMix64.Stream(run, "rollback");
            var guard = new RollbackGuard(policy, Package2, [Package1]);
            for (int i = 0; i < RollbackTrades; i++)
            {
                double before = 3 + 20 * random.NextNormal(), p = 0.3 + 0.4 * random.NextDouble();
                var outcome = new PairedOutcome(Noon, p, p, before, before + gain + Deviation * random.NextNormal(), random.NextDouble() < p);
                if (guard.Learn(outcome) is null) continue;
                if (gain == 0 || guard.Breach!.Cause is BreachCause.NetBps or BreachCause.Drawdown) sent++;
                break;
            }
        }
        return sent;
    }

    private static int Together(EvidenceUnit unit, double mde)
    {
        int decided = 0;
        for (int run = 0; run < 200; run++)
        {
            var random = SplitMix64.Stream(run, "together");
            Experiment experiment = Make(unit, mde);
            bool differs = false;
            for (int minute = 0; minute < 400 && !differs; minute++)
            {
                double shared = Deviation * Math.Sqrt(0.75) * random.NextNormal();
                for (int i = 0; i < 4; i++)
                    experiment.Learn(new PairedOutcome(Noon.AddMinutes(minute), 0.5, 0.5, 0, shared + Deviation / 2 * random.NextNormal(), true));
                differs = experiment.GainBps is var at && (at.Low > 0 || at.High < 0);
            }
            if (differs) decided++;
        }
        return decided;
    }

    private static Experiment Make(EvidenceUnit unit, double mde) =>
        new("a", Package1, Package2, 0.2, Noon, new EvidenceSettings { Unit = unit, MdeBps = mde });

    private static readonly ModelRef Package1 = Package(1).Ref;
    private static readonly ModelRef Package2 = Package(2).Ref;
}
