using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Shadow;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using static QuadTurbo.Services.Tests.Production.Example;

namespace QuadTurbo.Services.Tests.Shadow;

public class ShadowLaneTests
{
    [Theory]
    [InlineData(true, ShadowScope.All, 2)]
    [InlineData(true, ShadowScope.Passed, 1)]
    [InlineData(false, ShadowScope.All, 0)]
    public async Task Refused_opportunities_are_simulated_too_unless_the_scope_is_what_passed(bool enabled, ShadowScope scope, int outcomes)
    {
        using IHost host = Compose(new LaneSettings { EnableShadowSim = enabled, ShadowScope = scope });
        EmbeddedTransport transport = Start(host);

        await transport.PublishAsync(Topics.MarketObserved, Market(0, Noon));
        await transport.PublishAsync(Topics.OpportunityValidated, Judged(0, 2, Gap(0, Noon)));
        await transport.PublishAsync(Topics.OpportunityRefused, Judged(0, 2, Gap(1, Noon)));
        await transport.PublishAsync(Topics.MarketObserved, Market(1, Noon.AddMinutes(1), detectedBefore: 2));

        List<Outcome> heard = host.Services.GetRequiredService<Ear>().Outcomes;
        Assert.Equal(outcomes, heard.Count);
        Assert.All(heard, o => Assert.Equal((Lane.ShadowSim, true, Noon.AddMinutes(1)), (o.Lane, o.Filled, o.At)));

        // 0.1 × (1010 × 0.999 − 1000 × 1.001), the order of the opportunity at 10 bps a side.
        Assert.All(heard, o => Assert.Equal(0.799m, o.Net));
    }

    [Fact]
    public async Task What_does_not_fit_among_the_open_trades_is_missed_as_full()
    {
        using IHost host = Compose(new LaneSettings(), new ShadowSettings { MaxOpenTrades = 2 });
        EmbeddedTransport transport = Start(host);

        await transport.PublishAsync(Topics.OpportunityValidated, Judged(0, 3, Gap(0, Noon), Gap(1, Noon), Gap(2, Noon)));

        Outcome full = Assert.Single(host.Services.GetRequiredService<Ear>().Outcomes);
        Assert.Equal((Gap(2, Noon).Id, MissCode.Full, Noon), (full.Id, full.Missed, full.At));
    }

    [Theory]
    [InlineData(true, ShadowScope.All, 1)]
    [InlineData(true, ShadowScope.Passed, 1)]
    [InlineData(false, ShadowScope.All, 1)]
    [InlineData(false, ShadowScope.Passed, 0)]
    public async Task What_the_queue_dropped_is_missed_as_full_if_it_was_due(bool validated, ShadowScope scope, int outcomes)
    {
        using IHost host = Compose(new LaneSettings { ShadowScope = scope });
        Start(host);
        ShadowLane lane = host.Services.GetRequiredService<ShadowLane>();

        await lane.OnDroppedAsync(Judged(0, 1, Gap(0, Noon)), validated, CancellationToken.None);
        await lane.OnDroppedAsync(Judged(0, 1), !validated, CancellationToken.None);

        List<Outcome> heard = host.Services.GetRequiredService<Ear>().Outcomes;
        Assert.Equal(Enumerable.Repeat(MissCode.Full, outcomes), heard.Select(o => o.Missed));
        Assert.True(lane.ReadyFor(Market(1, Noon, detectedBefore: 1)));
    }

    [Fact]
    public async Task The_market_waits_for_both_verdicts_of_everything_detected_before_it()
    {
        using IHost host = Compose(new LaneSettings());
        Start(host);
        ShadowLane lane = host.Services.GetRequiredService<ShadowLane>();
        MarketObserved before = Market(1, Noon, detectedBefore: 3), after = Market(2, Noon, detectedBefore: 4);

        await lane.OnValidatedAsync(Judged(0, 3), CancellationToken.None);
        Assert.False(lane.ReadyFor(before));
        await lane.OnRefusedAsync(Judged(0, 3), CancellationToken.None);

        Assert.True(lane.ReadyFor(before));
        Assert.False(lane.ReadyFor(after));
    }

    [Fact]
    public async Task At_the_end_of_the_feed_everything_that_is_due_has_its_outcome()
    {
        using IHost host = Compose(new LaneSettings());
        EmbeddedTransport transport = Start(host);

        await transport.PublishAsync(Topics.MarketObserved, Market(0, Noon));
        await transport.PublishAsync(Topics.OpportunityValidated, Judged(0, 2, Gap(0, Noon), Long(1, Noon)));
        await transport.PublishAsync(Topics.OpportunityRefused, Judged(0, 2));
        await transport.PublishAsync(Topics.MarketObserved, Market(1, Noon.AddMinutes(1), detectedBefore: 2));
        await transport.PublishAsync(Topics.OpportunityValidated, Judged(1, 3, Gap(2, Noon.AddMinutes(1))));
        await transport.PublishAsync(Topics.OpportunityRefused, Judged(1, 3));
        await transport.PublishAsync(Topics.MarketObserved, End(2, Noon.AddMinutes(1), detectedBefore: 3));

        List<Outcome> heard = host.Services.GetRequiredService<Ear>().Outcomes;
        Assert.Equal(3, heard.Count);
        Assert.Equal(ExitReason.Legs, heard.Single(o => o.Id == Gap(0, Noon).Id).Trade!.Reason);
        Assert.Equal(FeedEnd.EndOfFeed, heard.Single(o => o.Id == Long(1, Noon).Id).Trade!.ClosedBy);
        Assert.Equal(MissCode.NoQuote, heard.Single(o => o.Id == Gap(2, Noon).Id).Missed);
    }

    private static EmbeddedTransport Start(IHost host)
    {
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        transport.Start();
        return transport;
    }

    private static IHost Compose(LaneSettings lanes, ShadowSettings? shadow = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(lanes).AddSingleton(shadow ?? new ShadowSettings()).AddSingleton(new CostSettings()).AddSingleton<Ear>();
        builder.CarryEmbedded(Schedule.Lockstep);
        ShadowService.Definition.Add(builder);
        builder.Subscribe<Ear, OutcomesKnown>(Topics.OutcomeSimulated, static _ => new(
            static (ear, known, _) =>
            {
                ear.Outcomes.AddRange(known.Outcomes);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(1000)));
        return builder.Build();
    }
}
