using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Production;

public class ProductionLaneTests
{
    private static readonly DateTime T = Example.Noon;

    [Fact]
    public async Task What_passed_is_filled_at_the_next_instant()
    {
        await using Path path = await OpenAsync();

        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(0, T));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1, Example.Gap(1, T)));
        Assert.Equal(100m, path.Account.Exposure);
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(1, T.AddMinutes(1), detectedBefore: 1));

        Outcome outcome = Assert.Single(path.Ear.Outcomes);
        // 0.1 × (1010 × (1 − 0.001) − 1000 × (1 + 0.001))
        Assert.Equal((Lane.Production, true, 0.799m, null), (outcome.Lane, outcome.Filled, outcome.Net, outcome.Detail));
        Assert.Equal(0m, path.Account.Exposure);
    }

    [Fact]
    public async Task A_loss_that_trips_a_breaker_refuses_the_next_order_of_the_same_instant()
    {
        await using Path path = await OpenAsync(new GuardSettings { ConsecutiveLosses = 1 });
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1, Example.Gap(1, T)));

        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(1, T.AddMinutes(1), detectedBefore: 1, askMoved: 20m));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(1, 2, Example.Gap(2, T.AddMinutes(1))));

        Assert.Equal([MissCode.None, MissCode.Guard], path.Ear.Outcomes.Select(o => o.Missed));
        Assert.Equal(
            "consecutive_losses: 1 against a limit of 1 when it tripped at 2023-03-11 12:01:00Z; until 2023-03-11 13:01:00Z", path.Ear.Outcomes[1].Detail);
        Assert.Equal((AccountEvent.Tripped, Breaker.ConsecutiveLosses), (Assert.Single(path.Ear.Changes).Event, path.Ear.Changes[0].What));
    }

    [Fact]
    public async Task A_kill_stops_the_next_order_and_a_resume_lets_it_out_while_open_trades_go_on()
    {
        await using Path path = await OpenAsync();
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1, Example.Gap(1, T)));

        await path.Switch.KillAsync("venue on fire");
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(1, 2, Example.Gap(2, T)));
        Assert.NotNull(await path.Switch.ResumeAsync("fire is out"));
        Assert.Null(await path.Switch.ResumeAsync("twice"));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(2, 3, Example.Gap(3, T)));
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(1, T.AddMinutes(1), detectedBefore: 3));

        Assert.Equal(["kill_switch: venue on fire", null, null], path.Ear.Outcomes.Select(o => o.Detail));
        Assert.Equal([("killed", "venue on fire"), ("resumed", "fire is out")], path.Ear.Changes.Select(c => (c.Event, c.Why)));
    }

    [Fact]
    public async Task A_kill_from_another_thread_stops_the_rest_of_a_batch()
    {
        await using Path path = await OpenAsync(new GuardSettings { MaxExposure = 1e9m, OrdersPerSecond = 0 });
        var killed = new TaskCompletionSource<long>();
        using MeterListener listener = Listen("quadturbo_production_orders_total", orders =>
        {
            if (orders == 3) Task.Run(() => path.Switch.KillAsync("enough")).GetAwaiter().GetResult();
        });

        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 10, [.. Enumerable.Range(0, 10).Select(n => Example.Gap(n, T))]));

        Assert.Equal(7, path.Ear.Outcomes.Count(o => o.Missed == MissCode.Guard));
    }

    [Fact]
    public async Task An_instant_waits_for_the_verdicts_before_it_and_nothing_comes_before_the_account()
    {
        await using Path path = Path.Open();
        Assert.False(path.Lane.ReadyForOrders);
        Assert.False(path.Lane.ReadyFor(Example.Market(0, T)));

        await path.Transport.PublishAsync(Topics.AccountRestored, Example.NewAccount);
        Assert.True(path.Lane.ReadyForOrders);
        Assert.True(path.Lane.ReadyFor(Example.Market(0, T, detectedBefore: 0)));
        Assert.False(path.Lane.ReadyFor(Example.Market(1, T, detectedBefore: 1)));

        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(1, 9) with { Submitted = true });
        Assert.False(path.Lane.ReadyFor(Example.Market(1, T, detectedBefore: 1)));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1));
        Assert.True(path.Lane.ReadyFor(Example.Market(1, T, detectedBefore: 1)));
        Assert.False(path.Lane.ReadyFor(Example.Market(1, T, detectedBefore: 2)));
        await path.Lane.DropAsync(Example.Judged(1, 2), default);
        Assert.True(path.Lane.ReadyFor(Example.Market(1, T, detectedBefore: 2)));
    }

    [Theory]
    [InlineData(FeedEnd.EndOfFeed)]
    [InlineData(FeedEnd.Shutdown)]
    public async Task The_end_of_the_feed_closes_everything_and_nothing_is_opened_after_it(FeedEnd end)
    {
        await using Path path = await OpenAsync();
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(0, T));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1, Example.Long(1, T)));
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(1, T.AddMinutes(1), detectedBefore: 1));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(1, 2, Example.Gap(2, T.AddMinutes(1))));

        await path.Transport.PublishAsync(Topics.MarketObserved, Example.End(2, T.AddMinutes(2), detectedBefore: 2, end));
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(3, 0, Example.Gap(3, T.AddMinutes(2))) with { Submitted = true });

        Assert.Equal([MissCode.None, MissCode.NoQuote, MissCode.NoQuote], path.Ear.Outcomes.OrderBy(o => o.Decision.Opportunity.Position).Select(o => o.Missed));
        Trade closed = Assert.Single(path.Ear.Outcomes, o => o.Filled).Trade!;
        Assert.Equal((ExitReason.Timeout, end), (closed.Reason, closed.ClosedBy));
        Assert.Equal((0m, 0), (path.Account.Exposure, path.Account.View.OpenOrders));
    }

    [Fact]
    public async Task What_the_venue_does_not_take_is_missed_and_gives_its_exposure_back()
    {
        await using Path path = await OpenAsync(paper: PaperVenueSettings.Exact with { MaxOpenOrders = 1 });
        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 2, Example.Gap(1, T), Example.Gap(2, T)));
        await using Path rejecting = await OpenAsync(paper: PaperVenueSettings.Exact with { RejectProbability = 1 });
        await rejecting.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1, Example.Gap(1, T)));

        Assert.Equal((MissCode.Full, "1 orders are open at the venue, as many as it holds"), (path.Ear.Outcomes[0].Missed, path.Ear.Outcomes[0].Detail));
        Assert.Equal(100m, path.Account.Exposure);
        Assert.Equal((MissCode.NoQuote, "the venue did not take the order"), (rejecting.Ear.Outcomes[0].Missed, rejecting.Ear.Outcomes[0].Detail));
        Assert.Equal(0m, rejecting.Account.Exposure);
    }

    [Fact]
    public async Task A_lane_that_is_off_trades_nothing_and_waits_for_nothing()
    {
        await using Path path = Path.Open(lanes: new LaneSettings { EnableProduction = false });

        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(0, 1, Example.Gap(1, T)));
        await path.Transport.PublishAsync(Topics.MarketObserved, Example.Market(1, T.AddMinutes(1), detectedBefore: 5));

        Assert.Empty(path.Ear.Outcomes);
        Assert.Equal(0m, path.Account.Exposure);
    }

    [Fact]
    public async Task Refusals_are_counted_by_breaker()
    {
        await using Path path = await OpenAsync();
        List<string?> breakers = [];
        using MeterListener listener = Listen("quadturbo_production_guard_refusals_total", _ => { }, tag => breakers.Add(tag));

        await path.Transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(
            0, 2, Example.Gap(1, T).With("volatility_ratio", 20f), Example.Gap(2, T) with { GasCost = 1e6m }));

        Assert.Equal([Breaker.Volatility, Breaker.GasPrice], breakers);
    }

    private static async Task<Path> OpenAsync(GuardSettings? guard = null, PaperVenueSettings? paper = null)
    {
        Path path = Path.Open(Schedule.Lockstep, guard: guard, paper: paper);
        await path.Transport.PublishAsync(Topics.AccountRestored, Example.NewAccount);
        return path;
    }

    // In lockstep the lane runs on the test's own thread: what other tests count at the same time is told apart by that.
    private static MeterListener Listen(string instrument, Action<long> count, Action<string?>? tag = null)
    {
        int thread = Environment.CurrentManagedThreadId;
        long total = 0;
        var listener = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Name == instrument) l.EnableMeasurementEvents(i);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId != thread) return;
            foreach (KeyValuePair<string, object?> t in tags) tag?.Invoke(t.Value?.ToString());
            count(total += value);
        });
        listener.Start();
        return listener;
    }
}
