using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Features;

/// <summary>What the features of one opportunity are computed from; everything was known at detection.</summary>
public readonly record struct FeatureInputs
{
    /// <summary>Dynamics of the bought side.</summary>
    public required Dynamics BuyDynamics { get; init; }

    /// <summary>Dynamics of the sold side.</summary>
    public required Dynamics SellDynamics { get; init; }

    /// <summary>The instant of detection.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>sin and cos of the time of day.</summary>
    public required (double Sin, double Cos) Hour { get; init; }

    /// <summary>Gross edge, bps.</summary>
    public required double GrossEdgeBps { get; init; }

    /// <summary>Fees of both sides, bps.</summary>
    public required double FeeBps { get; init; }

    /// <summary>Change of the gross edge since the instant before, bps; NaN when there was no gap then.</summary>
    public required double EdgeChangeBps { get; init; }

    /// <summary>Instants in a row, before this one, at which the gap was there.</summary>
    public required int EdgePersistence { get; init; }

    /// <summary>Ordered quantity, base currency.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Gap or direction.</summary>
    public required OpportunityKind Kind { get; init; }

    /// <summary>Direction.</summary>
    public required TradeSide Side { get; init; }

    /// <summary>Mode.</summary>
    public required TradeMode Mode { get; init; }

    /// <summary>How sure detection is; NaN when it cannot say.</summary>
    public required double Confidence { get; init; }
}

/// <summary>(books, route, clock) → float[32]: computed once, at detection, and read alike by training and inference.</summary>
public static class FeatureBuilder
{
    /// <summary>The features in the order of <see cref="FeatureSchema.Columns"/>, clipped; NaN where something is not known.</summary>
    /// <param name="bought">Quote and age of the bought side.</param>
    /// <param name="sold">Quote and age of the sold side.</param>
    /// <param name="x">Everything else.</param>
    public static FeatureVector Build(in Book bought, in Book sold, in FeatureInputs x)
    {
        FeatureVector features = default;
        Span<float> f = features;
        int i = 0;
        Quote buy = bought.Quote;
        Quote sell = sold.Quote;

        Put(f, ref i, x.GrossEdgeBps);
        Put(f, ref i, x.FeeBps);
        Put(f, ref i, x.GrossEdgeBps - x.FeeBps);
        Put(f, ref i, x.FeeBps > 0 ? x.GrossEdgeBps / x.FeeBps : double.NaN);
        Put(f, ref i, x.EdgeChangeBps);
        Put(f, ref i, x.EdgePersistence);

        bool directional = x.Kind == OpportunityKind.Directional;
        Put(f, ref i, directional ? 1 : 0);
        Put(f, ref i, !directional ? 0 : x.Side == TradeSide.Long ? 1 : -1);
        Put(f, ref i, x.Mode == TradeMode.Runner ? 1 : 0);
        Put(f, ref i, buy.Instrument.Symbol == sell.Instrument.Symbol ? 0 : 1);

        double buyImbalance = Imbalance(buy);
        double sellImbalance = Imbalance(sell);
        Put(f, ref i, SpreadBps(buy));
        Put(f, ref i, SpreadBps(sell));
        Put(f, ref i, TouchRatio(buy.AskSize, x.Quantity));
        Put(f, ref i, TouchRatio(sell.BidSize, x.Quantity));
        Put(f, ref i, buyImbalance);
        Put(f, ref i, sellImbalance);
        Put(f, ref i, buyImbalance * sellImbalance);
        Put(f, ref i, x.BuyDynamics.VolumeRatio);

        Put(f, ref i, x.Hour.Sin);
        Put(f, ref i, x.Hour.Cos);
        Put(f, ref i, (x.KnownAt - bought.KnownAt).TotalSeconds);
        Put(f, ref i, (x.KnownAt - sold.KnownAt).TotalSeconds);

        Put(f, ref i, x.BuyDynamics.ReturnBps(1));
        Put(f, ref i, x.BuyDynamics.ReturnBps(5));
        Put(f, ref i, x.BuyDynamics.ReturnBps(Dynamics.Window));
        Put(f, ref i, x.BuyDynamics.VolatilityBps);
        Put(f, ref i, x.BuyDynamics.VolatilityRatio);
        Put(f, ref i, x.SellDynamics.ReturnBps(1));
        Put(f, ref i, x.SellDynamics.VolatilityBps);
        Put(f, ref i, x.BuyDynamics.EfficiencyRatio);

        Regime regime = x.BuyDynamics.Regime;
        Put(f, ref i, regime == Regime.Unknown ? double.NaN : (int)regime);
        Put(f, ref i, x.Confidence);
        return features;
    }

    /// <summary>(ask − bid) / mid, bps.</summary>
    public static double SpreadBps(in Quote quote)
    {
        double bid = (double)quote.Bid, ask = (double)quote.Ask;
        return (ask - bid) / (0.5 * (ask + bid)) * 1e4;
    }

    private static void Put(Span<float> features, ref int column, double value)
    {
        features[column] = FeatureSchema.Clip(column, value);
        column++;
    }

    private static double Imbalance(in Quote quote) =>
        quote.BidSize is { } bid && quote.AskSize is { } ask && bid + ask > 0 ? (double)((bid - ask) / (bid + ask)) : double.NaN;

    private static double TouchRatio(decimal? touch, decimal quantity) =>
        touch is { } size && size > 0 && quantity > 0 ? Math.Log2((double)size / (double)quantity) : double.NaN;
}
