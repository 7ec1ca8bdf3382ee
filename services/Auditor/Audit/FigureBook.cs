using QuadTurbo.Auditor.Reports;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Audit;

/// <summary>What the path comes to by hour, day, mode and route [DASH-10..13]: folded as it happens, of bounded size. Not thread-safe.</summary>
/// <remarks>
/// Money is summed in the base currency alone. A trade counts in the hour in which its outcome was known, an opportunity in that of its decision, both
/// on the market's clock. Sharpe = mean / standard deviation of the net bps of production's trades, by Welford's sums.
/// </remarks>
public sealed class FigureBook
{
    /// <summary>Hours that are kept: two weeks.</summary>
    public const int MostHours = 336;

    /// <summary>Days that are kept.</summary>
    public const int MostDays = 400;

    /// <summary>Routes that are counted apart; further ones together.</summary>
    public const int MostRoutes = 200;

    private const string Other = "other";
    private const int Modes = 3;
    private readonly PeriodSums _hours = new(TimeSpan.FromHours(1), MostHours), _days = new(TimeSpan.FromDays(1), MostDays);
    private readonly long[] _byMode = new long[Modes];
    private readonly StrategySums[] _production = [new(), new(), new()], _shadow = [new(), new(), new()];
    private readonly Dictionary<(string Buy, string? Sell), RouteSums> _routes = [];
    private readonly RouteSums _other = new(Other);
    private readonly MoneyByCurrency _net = new();
    private double _gross, _edge, _confidence;
    private long _edges, _confident;
    private decimal _high, _drawdown;
    private long _trades, _slips;
    private double _mean, _squares, _slip, _slipSquares;

    /// <summary>An opportunity was judged.</summary>
    public void Judged(Decision decision)
    {
        Opportunity opportunity = decision.Opportunity;
        _byMode[(int)opportunity.Mode]++;
        _hours.At(opportunity.KnownAt).Detected++;
        _days.At(opportunity.KnownAt).Detected++;
        if (!double.IsNaN(opportunity.NetEdgeBps))
        {
            _edges++;
            _gross += opportunity.GrossEdgeBps;
            _edge += opportunity.NetEdgeBps;
        }
        if (double.IsNaN(opportunity.Confidence)) return;
        _confident++;
        _confidence += opportunity.Confidence;
    }

    /// <summary>Production gave an outcome.</summary>
    public void Executed(Outcome outcome)
    {
        Opportunity opportunity = outcome.Decision.Opportunity;
        RouteSums route = RouteOf(opportunity);
        route.Processed++;
        StrategySums mode = _production[(int)opportunity.Mode];
        mode.Processed++;
        if (outcome.Trade is not { } trade) return;
        route.Filled++;
        if (trade.Won) route.Succeeded++;
        bool isBase = Currency.IsBase(opportunity.Market);
        decimal net = trade.Net;
        mode.Add(trade.Won, isBase ? net : 0);
        _net.Add(opportunity.Market, net);
        Moments(trade.NetBps);
        if (opportunity is { Kind: OpportunityKind.CrossVenue, Submitted: false }) Slipped(opportunity.GrossEdgeBps - trade.GrossBps);
        PeriodSum hour = _hours.At(outcome.At), day = _days.At(outcome.At);
        hour.Trades++;
        day.Trades++;
        if (!isBase) return;
        hour.Net += net;
        day.Net += net;
        decimal sum = _net.Base;
        if (sum > _high) _high = sum;
        else if (_high - sum > _drawdown) _drawdown = _high - sum;
    }

    /// <summary>The shadow lane gave an outcome; only what passed counts here.</summary>
    public void Simulated(Outcome outcome, bool won, decimal net)
    {
        if (!outcome.Decision.Passed) return;
        Opportunity opportunity = outcome.Decision.Opportunity;
        StrategySums mode = _shadow[(int)opportunity.Mode];
        mode.Processed++;
        if (!outcome.Filled) return;
        bool isBase = Currency.IsBase(opportunity.Market);
        mode.Add(won, isBase ? net : 0);
        if (!isBase) return;
        _hours.At(outcome.At).ShadowNet += net;
        _days.At(outcome.At).ShadowNet += net;
    }

    /// <summary>All of it.</summary>
    /// <param name="judged">Opportunities judged.</param>
    /// <param name="outcomes">Outcomes of all lanes.</param>
    public PathFigures Read(long judged, long outcomes)
    {
        long modes = _byMode.Sum();
        return new PathFigures
        {
            Judged = judged,
            Outcomes = outcomes,
            GrossEdgeBps = Mean(_gross, _edges),
            NetEdgeBps = Mean(_edge, _edges),
            Confidence = Mean(_confidence, _confident),
            ByMode = [.. Enumerable.Range(0, Modes).Where(m => _byMode[m] > 0).Select(m => new ModeCount(NameOf(m), _byMode[m], (double)_byMode[m] / modes))],
            Hours = _hours.Read(),
            Days = _days.Read(),
            Production = Strategies(_production),
            Shadow = Strategies(_shadow),
            Routes = [.. _routes.Values.Append(_other).Where(r => r.Processed > 0).OrderByDescending(r => r.Processed)
                .Select(r => new RouteFigures(
                    r.Name, r.Processed, r.Filled, r.Succeeded, (double)r.Filled / r.Processed, Mean(r.Succeeded, r.Filled), (double)r.Succeeded / r.Processed))],
            Slippage = new SlippageFigures(_slips, Mean(_slip, _slips), _slips == 0 ? null : Math.Sqrt(_slipSquares / _slips)),
            Net = _net.Base,
            NetByCurrency = [.. _net.All.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new CurrencyAmount(c.Key, c.Value))],
            MaxDrawdown = _drawdown,
            SharpePerTrade = _trades > 1 && _squares > 0 ? _mean / Math.Sqrt(_squares / (_trades - 1)) : null,
        };
    }

    private static double? Mean(double sum, long count) => count == 0 ? null : sum / count;

    private static string NameOf(int mode) => ((TradeMode)mode).ToString().ToLowerInvariant();

    private static StrategyFigures[] Strategies(StrategySums[] sums) =>
    [
        .. Enumerable.Range(0, Modes).Where(m => sums[m].Processed > 0).Select(m => new StrategyFigures(
            NameOf(m), sums[m].Processed, sums[m].Trades, sums[m].Wins, Mean(sums[m].Wins, sums[m].Trades), sums[m].Net)),
    ];

    private void Moments(double netBps)
    {
        _trades++;
        double off = netBps - _mean;
        _mean += off / _trades;
        _squares += off * (netBps - _mean);
    }

    private void Slipped(double bps)
    {
        _slips++;
        _slip += bps;
        _slipSquares += bps * bps;
    }

    private RouteSums RouteOf(Opportunity opportunity)
    {
        bool gap = opportunity.Kind == OpportunityKind.CrossVenue;
        (string Buy, string? Sell) key = (opportunity.Buy.Instrument.Venue, gap ? opportunity.Sell.Instrument.Venue : null);
        if (_routes.TryGetValue(key, out RouteSums? route)) return route;
        return _routes.Count == MostRoutes ? _other : _routes[key] = new RouteSums(gap ? $"{key.Buy} > {key.Sell}" : key.Buy);
    }

    private sealed class StrategySums
    {
        public long Processed { get; set; }

        public long Trades { get; private set; }

        public long Wins { get; private set; }

        public decimal Net { get; private set; }

        public void Add(bool won, decimal net)
        {
            Trades++;
            if (won) Wins++;
            Net += net;
        }
    }

    private sealed class RouteSums(string name)
    {
        public string Name { get; } = name;

        public long Processed { get; set; }

        public long Filled { get; set; }

        public long Succeeded { get; set; }
    }
}
