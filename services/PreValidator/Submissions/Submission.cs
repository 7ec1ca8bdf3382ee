using System.Text.Json.Serialization;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Simulation;

namespace QuadTurbo.PreValidator.Submissions;

/// <summary>An opportunity as a caller sends it: <c>POST /opportunities</c> [LANE-05].</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Submission
{
    /// <summary>What to buy.</summary>
    public SubmittedLeg? Buy { get; init; }

    /// <summary>What to sell.</summary>
    public SubmittedLeg? Sell { get; init; }

    /// <summary>Base currency; by default what the configured order size buys.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Trades of the route; 2 by default.</summary>
    public int Hops { get; init; } = 2;

    /// <summary>Gas the trade burns, quote currency.</summary>
    public decimal GasCost { get; init; }

    /// <summary>How sure the caller is, 0 to 1; unknown by default.</summary>
    public double? Confidence { get; init; }

    /// <summary>Most that a price, a size or a quantity may be: what a recording may hold too.</summary>
    private const decimal Most = 1_000_000_000_000m;

    private const decimal Least = 1m / Most;

    /// <summary>Most that the bought side may cost, quote currency.</summary>
    private const decimal MostNotional = 1_000_000_000m;

    /// <summary>Every field that is not acceptable, with value and limit; empty when it can be judged.</summary>
    public Dictionary<string, string[]> Errors(InstrumentTable instruments)
    {
        var errors = new Dictionary<string, string[]>();
        Check(errors, "buy", Buy, instruments);
        Check(errors, "sell", Sell, instruments);
        if (Buy is not null && Sell is not null) CheckPair(errors, Buy, Sell, instruments);
        if (Quantity is < Least or > Most) errors["quantity"] = [$"{Quantity} must be from 1e-12 to 1e12"];
        else if (Buy is { Price: >= Least and <= Most } && Quantity * Buy.Price > MostNotional)
            errors["quantity"] = [$"{Quantity} at {Buy.Price} costs more than {MostNotional}"];
        if (Hops is < 1 or > 100) errors["hops"] = [$"{Hops} must be from 1 to 100"];
        if (GasCost is < 0 or > Most) errors["gasCost"] = [$"{GasCost} must be from 0 to 1e12"];
        if (Confidence is < 0 or > 1 or double.NaN) errors["confidence"] = [$"{Confidence} must be from 0 to 1"];
        return errors;
    }

    /// <summary>The opportunity; call only when there are no <see cref="Errors"/>.</summary>
    public Opportunity ToOpportunity(InstrumentTable instruments, FeeSchedule fees, decimal notional, string session, long number, DateTime now)
    {
        Offer buy = Buy!.ToOffer(instruments, now), sell = Sell!.ToOffer(instruments, now);
        decimal quantity = Quantity ?? notional / buy.Price;
        decimal unitNet = fees.UnitNet(buy, sell);
        double gross = (double)(sell.Price / buy.Price - 1m) * 1e4;
        double fee = gross - (double)(unitNet / buy.Price) * 1e4;
        return new Opportunity
        {
            Id = OpportunityId.Of(RouteKey.Of("submitted", session, $"arb|{buy.Instrument}|{sell.Instrument}"), number),
            Position = number,
            KnownAt = now,
            Timing = FeedTiming.Event,
            Kind = OpportunityKind.CrossVenue,
            Mode = TradeMode.Arb,
            Side = TradeSide.Long,
            Buy = buy,
            Sell = sell,
            Quantity = quantity,
            Size = buy.Size is null || sell.Size is null ? SizeKnowledge.Assumed : SizeKnowledge.Known,
            GrossEdgeBps = gross,
            FeeBps = fee,
            ExpectedProfit = unitNet * quantity - GasCost,
            NetPositive = unitNet > 0m,
            GasCost = GasCost,
            Hops = Hops,
            Confidence = Confidence ?? double.NaN,
            Regime = Regime.Unknown,
            SpreadBps = double.NaN,
            VolumeRatio = double.NaN,
            Features = Features(gross, fee),
            Submitted = true,
        };
    }

    private FeatureVector Features(double gross, double fee)
    {
        FeatureVector features = FeatureVector.Unknown;
        Put(ref features, "gross_edge_bps", gross);
        Put(ref features, "fee_bps", fee);
        Put(ref features, "net_edge_bps", gross - fee);
        Put(ref features, "edge_to_cost", fee > 0 ? gross / fee : double.NaN);
        Put(ref features, "directional", 0);
        Put(ref features, "side", 0);
        Put(ref features, "runner", 0);
        Put(ref features, "confidence", Confidence ?? double.NaN);
        return features;
    }

    private static void Put(ref FeatureVector features, string name, double value)
    {
        int column = FeatureSchema.IndexOf(name);
        features[column] = FeatureSchema.Clip(column, value);
    }

    private static void Check(Dictionary<string, string[]> errors, string side, SubmittedLeg? leg, InstrumentTable instruments)
    {
        if (leg is null)
        {
            errors[side] = ["is missing: give venue, symbol and price"];
            return;
        }
        if (instruments.Find(leg.Venue ?? "", leg.Symbol ?? "") is null)
        {
            string known = string.Join(", ", instruments.All.Take(12));
            errors[$"{side}.venue"] = [$"'{Echo.Of($"{leg.Venue} {leg.Symbol}")}' is not on the feed; it has: {(known.Length == 0 ? "nothing yet" : known)}"];
        }
        if (leg.Price is < Least or > Most) errors[$"{side}.price"] = [$"{leg.Price} must be from 1e-12 to 1e12"];
        if (leg.Size is < Least or > Most) errors[$"{side}.size"] = [$"{leg.Size} must be from 1e-12 to 1e12; leave it out when it is not known"];
    }

    private static void CheckPair(Dictionary<string, string[]> errors, SubmittedLeg buy, SubmittedLeg sell, InstrumentTable instruments)
    {
        if (instruments.Find(buy.Venue ?? "", buy.Symbol ?? "") is not { } bought || instruments.Find(sell.Venue ?? "", sell.Symbol ?? "") is not { } sold) return;
        if (bought.Market != sold.Market) errors["sell.symbol"] = [$"'{sold.Symbol}' is not what is bought, '{bought.Symbol}': both legs must trade one symbol"];
        else if (bought.Venue == sold.Venue) errors["sell.venue"] = [$"'{sold.Venue}' is where it is bought: the legs must be at two venues"];
    }
}

/// <summary>One side of a submission.</summary>
/// <param name="Venue">Venue, as on the feed.</param>
/// <param name="Symbol">Symbol, as on the feed.</param>
/// <param name="Price">Ask to buy at, or bid to sell at.</param>
/// <param name="Size">Size at that price, base currency; null when not known.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SubmittedLeg(string? Venue, string? Symbol, decimal Price, decimal? Size = null)
{
    internal Offer ToOffer(InstrumentTable instruments, DateTime now) => new(instruments.Get(Venue!, Symbol!), Price, Size, now);
}
