using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Libs.Tests.Scoring;

public class ModelRosterTests
{
    private static readonly ModelPackage One = Example.Trained(500), Other = Example.Trained(600);

    [Fact]
    public void A_challenger_judges_its_share_and_the_champion_the_rest()
    {
        ModelRoster roster = ModelRoster.Baseline.After(Assigned(One)).After(Assigned(Other, 0.2));
        SeededRandom random = SeededRandom.Stream(1, "keys");

        int challenged = Enumerable.Range(0, 20_000).Count(_ => roster.For(random.NextBits()).Ref == Other.Ref);

        // 20,000 draws of 0.2 have a standard deviation of 57.
        Assert.InRange(challenged, 4_000 - 300, 4_000 + 300);
        Assert.Equal((One.Ref, Other.Ref), (roster.Champion.Ref, roster.Challenger?.Ref));
    }

    [Fact]
    public void A_key_stays_with_its_model_and_a_larger_share_keeps_the_keys_of_a_smaller_one()
    {
        ModelRoster small = ModelRoster.Baseline.After(Assigned(One, 0.2)), large = small.After(Assigned(One, 0.5));

        for (ulong key = 0; key < 5_000; key++)
        {
            Assert.Same(small.For(key), small.For(key));
            if (small.For(key).Ref == One.Ref) Assert.Equal(One.Ref, large.For(key).Ref);
        }
        Assert.Contains(Enumerable.Range(0, 5_000), key => small.For((ulong)key).Ref != large.For((ulong)key).Ref);
    }

    [Fact]
    public void Another_challenger_meets_other_keys()
    {
        ModelRoster one = ModelRoster.Baseline.After(Assigned(One, 0.5)), other = ModelRoster.Baseline.After(Assigned(Other, 0.5));

        int both = Enumerable.Range(0, 4_000).Count(key => one.For((ulong)key).Ref == One.Ref && other.For((ulong)key).Ref == Other.Ref);

        // Independent halves share a quarter; the standard deviation is 27.
        Assert.InRange(both, 1_000 - 140, 1_000 + 140);
    }

    [Fact]
    public void A_whole_share_makes_a_champion_and_no_share_withdraws_a_challenger()
    {
        ModelRoster running = ModelRoster.Baseline.After(Assigned(One)).After(Assigned(Other, 0.2));

        Assert.Equal((Other.Ref, null), Both(running.After(Assigned(Other))));
        Assert.Equal((One.Ref, null), Both(running.After(Assigned(Other, 0))));
        Assert.Equal((One.Ref, Other.Ref), Both(running.After(Assigned(Example.Trained(700), 0))));
        Assert.Same(running.Challenger, running.After(Assigned(Other, 0.5)).Challenger);
    }

    [Fact]
    public void The_two_champions_before_stay_loaded_and_older_ones_are_loaded_again()
    {
        ModelPackage third = Example.Trained(700), fourth = Example.Trained(800);
        ModelRoster first = ModelRoster.Baseline.After(Assigned(One)), second = first.After(Assigned(Other)), now = second.After(Assigned(third));

        Assert.Same(second.Champion, now.After(Assigned(Other)).Champion);
        Assert.Same(first.Champion, now.After(Assigned(One, 0.2)).Challenger);
        Assert.Same(first.Champion, now.After(Assigned(Other)).After(Assigned(One)).Champion);
        Assert.NotSame(first.Champion, now.After(Assigned(fourth)).After(Assigned(One)).Champion);
        byte[] spoilt = One.Bytes.ToArray();
        spoilt[^1]++;
        Assert.Throws<ModelRefusedException>(() => now.After(Assigned(One) with { Package = spoilt }));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) =>
        Assert.Throws<ArgumentException>(() => ModelRoster.Baseline.After(Assigned(One, share)));

    private static (ModelRef, ModelRef?) Both(ModelRoster roster) => (roster.Champion.Ref, roster.Challenger?.Ref);

    private static ModelAssigned Assigned(ModelPackage package, double share = ModelAssigned.All) =>
        new() { Model = package.Ref, Package = package.Bytes, Why = "test", Share = share };
}
