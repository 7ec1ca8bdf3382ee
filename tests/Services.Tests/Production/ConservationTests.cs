using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Production;

public class ConservationTests
{
    [Fact]
    public async Task A_full_queue_drops_the_oldest_and_each_becomes_stale()
    {
        await using Path path = Path.Open(Schedule.Concurrent, new LaneSettings { EnableProduction = true, MaxQueueSize = 2 });
        for (int n = 0; n < 5; n++) await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(n, n + 1, Example.Gap(n, Example.Noon)));

        // Until the account is there nothing is taken up, so the queue holds the last two and three have given way.
        await path.Transport.PublishAsync(Topics.AccountRestored, Example.NewAccount);
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.End(5, Example.Noon.AddMinutes(1), detectedBefore: 5));
        await path.Transport.UntilIdleAsync();

        Assert.Equal(
            [MissCode.Stale, MissCode.Stale, MissCode.Stale, MissCode.NoQuote, MissCode.NoQuote],
            path.Ear.Outcomes.OrderBy(o => o.Decision.Opportunity.Position).Select(o => o.Missed));
        Assert.Equal("dropped as the oldest when more than 2 opportunities waited for the production lane", path.Ear.Outcomes[0].Detail);
    }

    [Fact]
    public void Every_validated_opportunity_gets_exactly_one_outcome_on_any_schedule() =>
        Prop.ForAll(
            (from counts in Gen.Choose(0, 4).ArrayOf(25)
             from seed in Gen.Choose(1, 1_000_000)
             from queue in Gen.Choose(1, 12)
             from concurrent in Gen.Elements(true, false)
             select (counts, seed, queue, concurrent)).ToArbitrary(),
            static world => ConservesAsync(world.counts, world.seed, world.queue, world.concurrent).GetAwaiter().GetResult())
            .QuickCheckThrowOnFailure();

    private static async Task<bool> ConservesAsync(int[] counts, int seed, int queue, bool concurrent)
    {
        // A venue with every difference and a guard that gets in the way: 3 orders at most, 2 losses in a row.
        await using Path path = Path.Open(
            concurrent ? Schedule.Concurrent : Schedule.Lockstep,
            new LaneSettings { EnableProduction = true, MaxQueueSize = queue },
            new GuardSettings { MaxExposure = 300m, ConsecutiveLosses = 2, CoolOff = TimeSpan.FromMinutes(3) },
            new PaperVenueSettings { Seed = seed, RejectProbability = 0.2, PartialFillProbability = 0.5, PriceMoveBps = 60, LatencySigma = 3 });
        var random = SeededRandom.Stream(seed, "test");
        List<OpportunityId> validated = [];
        DateTime at = Example.Noon;
        long detected = 0;

        await path.Transport.PublishAsync(Topics.AccountRestored, Example.NewAccount);
        for (int position = 0; position < counts.Length; position++, at = at.AddMinutes(1))
        {
            long before = detected;
            bool outage = random.NextInt(5) == 0;
            MarketObserved market = Example.Market(position, at, before, moved: (decimal)random.NextNormal());
            await path.Transport.PublishAsync(Topics.MarketObserved, outage ? market with { Quotes = market.Quotes[..1] } : market);
            Opportunity[] found = [.. Enumerable.Range(0, counts[position]).Select(_ =>
                random.NextInt(2) == 0 ? Example.Gap(detected++, at) : Example.Long(detected++, at))];
            validated.AddRange(found.Select(o => o.Id));
            await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(position, detected, found));
        }
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.End(counts.Length, at, detected));
        await path.Transport.UntilIdleAsync();

        return validated.Order(IdOrder).SequenceEqual(path.Ear.Outcomes.Select(o => o.Id).Order(IdOrder))
            && path.Ear.Outcomes.All(o => o.Filled == (o.Missed == MissCode.None) && (o.Filled || o.Detail is not null))
            && path.Account.Exposure == 0m
            && path.Account.View.OpenOrders == 0;
    }

    private static readonly Comparer<OpportunityId> IdOrder =
        Comparer<OpportunityId>.Create(static (a, b) => (a.High, a.Low).CompareTo((b.High, b.Low)));
}
