using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Trading.Simulation;

/// <summary>Fills decisions against what the market did next: latency, fees, size, and impact if asked. Single writer, deterministic.</summary>
/// <remarks>
/// Sampled feeds: a leg fills at the first instant later than decision + latency that brings any row of the symbol, on that instant's rows alone.
/// Event feeds: a leg fills on its as-of book at decision + latency, if that book is not older than the maximum quote age.
/// </remarks>
public sealed class MarketSimulator(TimeSpan maxQuoteAge, int capacity)
{
    private readonly BookTable _books = new();
    private readonly DynamicsTable _dynamics = new();
    private readonly Dictionary<string, List<Order>> _sampled = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Order, (DateTime Due, long Sequence)> _events = new();
    private readonly Dictionary<Instrument, List<Position>> _positions = [];
    private long _sequence;
    private int _orders;
    private int _open;

    /// <summary>Orders waiting to be filled and positions waiting to be closed.</summary>
    public int Working => _orders + _open;

    /// <summary>Takes on <paramref name="decision"/>.</summary>
    /// <returns>False when as many as the capacity are already being worked on.</returns>
    public bool TryOpen(Decision decision, in ExecutionTerms terms)
    {
        if (Working >= capacity) return false;
        var order = new Order(decision, terms, decision.Opportunity.KnownAt + terms.Latency);
        if (decision.Opportunity.Timing == FeedTiming.Event) _events.Enqueue(order, (order.Due, _sequence++));
        else SampledOrders(decision.Opportunity.Market).Add(order);
        _orders++;
        return true;
    }

    /// <summary>Advances to <paramref name="market"/> and adds what came to an end to <paramref name="done"/>.</summary>
    public void Observe(MarketObserved market, List<SimulatedTrade> done)
    {
        SettleEvents(before: market.KnownAt, inclusive: false, done);
        _books.Apply(market.Quotes, market.KnownAt);
        _dynamics.Apply(market.Quotes, market.KnownAt);
        ClosePositions(market, done);
        SettleEvents(before: market.KnownAt, inclusive: true, done);
        SettleSampled(market, done);
        if (market.End is { } end) CloseAll(end, market.KnownAt, done);
    }

    private List<Order> SampledOrders(string market)
    {
        if (!_sampled.TryGetValue(market, out List<Order>? orders)) _sampled[market] = orders = [];
        return orders;
    }

    private void SettleEvents(DateTime before, bool inclusive, List<SimulatedTrade> done)
    {
        while (_events.TryPeek(out Order? order, out _) && (order.Due < before || (inclusive && order.Due == before)))
        {
            _events.Dequeue();
            Execute(order, order.Due, maxQuoteAge, done);
        }
    }

    private void SettleSampled(MarketObserved market, List<SimulatedTrade> done)
    {
        string? last = null;
        foreach (ref readonly Quote quote in market.Quotes.AsSpan())
        {
            string symbol = quote.Instrument.Market;
            if (symbol == last) continue;
            last = symbol;
            if (!_sampled.TryGetValue(symbol, out List<Order>? orders) || orders.Count == 0) continue;
            int kept = 0;
            for (int i = 0; i < orders.Count; i++)
            {
                if (market.KnownAt > orders[i].Due) Execute(orders[i], market.KnownAt, TimeSpan.Zero, done);
                else orders[kept++] = orders[i];
            }
            orders.RemoveRange(kept, orders.Count - kept);
        }
    }

    private void Execute(Order order, DateTime at, TimeSpan maxAge, List<SimulatedTrade> done)
    {
        _orders--;
        if (order.Opportunity.Kind == OpportunityKind.CrossVenue) ExecuteLegs(order, at, maxAge, done);
        else Enter(order, at, maxAge, done);
    }

    private void ExecuteLegs(Order order, DateTime at, TimeSpan maxAge, List<SimulatedTrade> done)
    {
        ref readonly Book buy = ref _books[order.Opportunity.Buy.Instrument];
        ref readonly Book sell = ref _books[order.Opportunity.Sell.Instrument];
        MissCode missed = MissOf(buy, at, maxAge);
        if (missed == MissCode.None) missed = MissOf(sell, at, maxAge);
        if (missed != MissCode.None)
        {
            done.Add(SimulatedTrade.Miss(order.Decision, missed, at));
            return;
        }
        decimal quantity = Limit(Limit(order.Quantity, buy.Quote.AskSize), sell.Quote.BidSize);
        done.Add(new SimulatedTrade(order.Decision, MissCode.None, at, new Trade
        {
            Entry = order.Terms.Fill(buy.Quote, buying: true, quantity, at),
            Exit = order.Terms.Fill(sell.Quote, buying: false, quantity, at),
            Side = TradeSide.Long,
            Reason = ExitReason.Legs,
            EntryContext = ContextOf(buy.Quote),
            ExitContext = ContextOf(sell.Quote),
        }));
    }

    private void Enter(Order order, DateTime at, TimeSpan maxAge, List<SimulatedTrade> done)
    {
        Instrument instrument = order.Opportunity.Buy.Instrument;
        ref readonly Book book = ref _books[instrument];
        MissCode missed = MissOf(book, at, maxAge);
        if (missed != MissCode.None)
        {
            done.Add(SimulatedTrade.Miss(order.Decision, missed, at));
            return;
        }
        bool buying = order.Opportunity.Side == TradeSide.Long;
        decimal quantity = Limit(order.Quantity, buying ? book.Quote.AskSize : book.Quote.BidSize);
        if (!_positions.TryGetValue(instrument, out List<Position>? positions)) _positions[instrument] = positions = [];
        positions.Add(new Position(order, order.Terms.Fill(book.Quote, buying, quantity, at), ContextOf(book.Quote), book.Quote));
        _open++;
    }

    private void ClosePositions(MarketObserved market, List<SimulatedTrade> done)
    {
        if (_open == 0) return;
        foreach (ref readonly Quote quote in market.Quotes.AsSpan())
        {
            if (quote.Crossed || !_positions.TryGetValue(quote.Instrument, out List<Position>? positions)) continue;
            int kept = 0;
            for (int i = 0; i < positions.Count; i++)
            {
                Position position = positions[i];
                position.Last = quote;
                if (position.ExitAt(quote, market.KnownAt) is { } exit) Close(position, exit, market.KnownAt, null, done);
                else positions[kept++] = position;
            }
            positions.RemoveRange(kept, positions.Count - kept);
        }
    }

    private void Close(Position position, PositionExit exit, DateTime at, FeedEnd? closedBy, List<SimulatedTrade> done)
    {
        _open--;
        bool buying = position.Side == TradeSide.Short;
        Quote quote = position.Last;
        decimal touch = exit.Price ?? (buying ? quote.Ask : quote.Bid);
        done.Add(new SimulatedTrade(position.Order.Decision, MissCode.None, at, new Trade
        {
            Entry = position.Entry,
            Exit = position.Order.Terms.Fill(quote.Instrument, touch, buying, position.Entry.Quantity, at),
            Side = position.Side,
            Reason = exit.Reason,
            Ambiguous = exit.Ambiguous,
            ClosedBy = closedBy,
            EntryContext = position.EntryContext,
            ExitContext = ContextOf(quote),
        }));
    }

    private void CloseAll(FeedEnd end, DateTime at, List<SimulatedTrade> done)
    {
        while (_events.TryDequeue(out Order? order, out _)) done.Add(SimulatedTrade.Miss(order.Decision, MissCode.NoQuote, at));
        foreach (List<Order> orders in _sampled.Values)
        {
            foreach (Order order in orders) done.Add(SimulatedTrade.Miss(order.Decision, MissCode.NoQuote, at));
            orders.Clear();
        }
        _orders = 0;
        foreach (List<Position> positions in _positions.Values)
        {
            foreach (Position position in positions) Close(position, new PositionExit(ExitReason.Timeout), at, end, done);
            positions.Clear();
        }
    }

    private MarketContext ContextOf(in Quote quote)
    {
        Dynamics dynamics = _dynamics[quote.Instrument];
        return new MarketContext(FeatureBuilder.SpreadBps(quote), dynamics.VolatilityBps, dynamics.Regime);
    }

    private static MissCode MissOf(in Book book, DateTime at, TimeSpan maxAge) =>
        !book.Known ? MissCode.NoQuote
        : at - book.KnownAt <= maxAge ? MissCode.None
        : maxAge == TimeSpan.Zero ? MissCode.NoQuote
        : MissCode.Stale;

    private static decimal Limit(decimal quantity, decimal? touch) => touch is { } size ? Math.Min(quantity, size) : quantity;
}

/// <summary>A decision that came to its end in the simulator.</summary>
/// <param name="Decision">What was decided.</param>
/// <param name="Missed">Why there is no trade.</param>
/// <param name="At">When it ended, UTC.</param>
/// <param name="Trade">The trade; null when missed.</param>
public readonly record struct SimulatedTrade(Decision Decision, MissCode Missed, DateTime At, Trade? Trade)
{
    /// <summary>A decision that could not be filled.</summary>
    public static SimulatedTrade Miss(Decision decision, MissCode code, DateTime at) => new(decision, code, at, null);

    /// <summary>The outcome that a lane reports.</summary>
    public Outcome AsOutcome(Lane lane) => new() { Decision = Decision, Lane = lane, Missed = Missed, Trade = Trade, At = At };
}
