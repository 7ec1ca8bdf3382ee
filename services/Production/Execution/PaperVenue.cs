using QuadTurbo.Hosting.Platform;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.Production.Execution;

/// <summary>A venue without money: it fills against the recorded or live market, with a latency, impact, price and size of its own.</summary>
/// <remarks>
/// Every draw of an order comes from a stream keyed by seed and opportunity id, always all of them and in the same order: fills depend neither on the order
/// in which orders arrive, nor does switching one difference off change another. Single writer.
/// </remarks>
public sealed class PaperVenue(PaperVenueSettings settings, CostSettings costs)
{
    private readonly MarketSimulator _market = new(costs.MaxQuoteAge, settings.MaxOpenOrders);
    private readonly FeeSchedule _fees = new(
        costs.TakerBps + settings.FeeBpsExtra, costs.VenueTakerBps.Select(v => KeyValuePair.Create(v.Key, v.Value + settings.FeeBpsExtra)));

    /// <summary>Orders waiting to be filled and positions waiting to be closed.</summary>
    public int Working => _market.Working;

    /// <summary>Sends <paramref name="decision"/>; what becomes of it comes out of <see cref="Observe"/>, unless the answer says that there is nothing to come.</summary>
    public VenueAnswer Send(Decision decision)
    {
        Draw draw = DrawFor(decision.Opportunity);
        return draw.Rejected ? VenueAnswer.Rejected
            : _market.TryOpen(decision, draw.Terms) ? VenueAnswer.Accepted
            : VenueAnswer.Full;
    }

    /// <summary>Advances to <paramref name="market"/> and adds what came to an end to <paramref name="done"/>; at the end of the feed, all of it.</summary>
    public void Observe(MarketObserved market, List<SimulatedTrade> done) => _market.Observe(market, done);

    /// <summary>How an order for <paramref name="opportunity"/> is treated.</summary>
    /// <remarks>
    /// latency = median × exp(σ z); impact = scale × |z| × min(1, quantity / smaller known touch); price move = scale × z; share = least + (1 − least) u with
    /// the probability of a partial fill, else 1; z standard normal, u uniform.
    /// </remarks>
    public Draw DrawFor(Opportunity opportunity)
    {
        SeededRandom random = SeededRandom.Keyed(settings.Seed, opportunity.Id.Low);
        double latency = random.NextNormal();
        double impact = Math.Abs(random.NextNormal());
        double move = random.NextNormal();
        bool partial = random.NextDouble() < settings.PartialFillProbability;
        double share = settings.PartialFillLeast + (1 - settings.PartialFillLeast) * random.NextDouble();
        bool rejected = random.NextDouble() < settings.RejectProbability;
        return new Draw(rejected, new ExecutionTerms(
            settings.LatencySigma == 0 ? settings.LatencyMedian : settings.LatencyMedian * Math.Exp(settings.LatencySigma * latency),
            _fees,
            settings.ImpactBps * impact * ShareOfTouch(opportunity),
            partial ? share : 1,
            settings.PriceMoveBps * move));
    }

    private static double ShareOfTouch(Opportunity opportunity)
    {
        decimal? touch = (opportunity.Buy.Size, opportunity.Sell.Size) is ({ } bid, { } ask) ? Math.Min(bid, ask) : opportunity.Buy.Size ?? opportunity.Sell.Size;
        return touch is { } size && size > opportunity.Quantity ? (double)(opportunity.Quantity / size) : 1;
    }
}

/// <summary>What the paper venue drew for one order.</summary>
/// <param name="Rejected">It does not take the order.</param>
/// <param name="Terms">How it fills it otherwise.</param>
public readonly record struct Draw(bool Rejected, ExecutionTerms Terms);

/// <summary>What the venue says of an order.</summary>
public enum VenueAnswer
{
    /// <summary>It is in the book.</summary>
    Accepted,

    /// <summary>The venue does not want it.</summary>
    Rejected,

    /// <summary>As many orders are open as the venue holds.</summary>
    Full,
}
