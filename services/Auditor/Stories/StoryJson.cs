using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Stories;

/// <summary>A decision's story as JSON; what is not known is null.</summary>
public static class StoryJson
{
    /// <summary>Everything.</summary>
    public static JsonObject Of(DecisionStory story)
    {
        Decision decision = story.Decision;
        return new JsonObject
        {
            ["id"] = decision.Id.ToString(),
            ["record"] = story.Sequence,
            ["passed"] = decision.Passed,
            ["opportunity"] = OpportunityOf(decision.Opportunity),
            ["score"] = Known(decision.Score),
            ["model"] = new JsonObject { ["id"] = decision.Model.Id, ["label"] = decision.Model.Label, ["ordinal"] = decision.Model.Ordinal },
            ["gates"] = new JsonArray([.. GateReading.Of(decision).Select(GateOf)]),
            ["lanes"] = new JsonObject
            {
                ["production"] = OutcomeOf(story, Lane.Production),
                ["shadow"] = OutcomeOf(story, Lane.ShadowSim),
                ["training"] = OutcomeOf(story, Lane.Training),
            },
            ["gap"] = story.Gap is { } gap ? new JsonObject([new("total", gap.Total), .. gap.ByName.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Name, c.Amount))]) : null,
            ["nearest_change"] = new JsonArray([.. NearestChange.Of(decision).Select(line => (JsonNode)line.Trim())]),
        };
    }

    private static JsonObject OpportunityOf(Opportunity opportunity) => new()
    {
        ["what"] = StoryText.What(opportunity),
        ["kind"] = Names.Snake(opportunity.Kind.ToString()),
        ["market"] = opportunity.Market,
        ["known_at"] = opportunity.KnownAt,
        ["buy"] = OfferOf(opportunity.Buy),
        ["sell"] = OfferOf(opportunity.Sell),
        ["quantity"] = opportunity.Quantity,
        ["gross_edge_bps"] = Known(opportunity.GrossEdgeBps),
        ["fee_bps"] = Known(opportunity.FeeBps),
        ["net_edge_bps"] = Known(opportunity.NetEdgeBps),
        ["expected_profit"] = opportunity.ExpectedProfit,
        ["confidence"] = Known(opportunity.Confidence),
        ["regime"] = Names.Snake(opportunity.Regime.ToString()),
    };

    private static JsonObject OfferOf(Offer offer) => new()
    {
        ["venue"] = offer.Instrument.Venue,
        ["symbol"] = offer.Instrument.Symbol,
        ["price"] = offer.Price,
        ["size"] = offer.Size,
    };

    private static JsonNode GateOf(GateReading gate) => new JsonObject
    {
        ["name"] = gate.Definition.Name,
        ["state"] = Names.Snake(gate.Result.State.ToString()),
        ["measured"] = Known(gate.Result.Measured),
        ["comparison"] = gate.Sign,
        ["limit"] = Known(gate.Result.Limit),
        ["binds"] = gate.Binds,
        ["measures"] = gate.Definition.Measures,
    };

    private static JsonObject? OutcomeOf(DecisionStory story, Lane lane)
    {
        if (!story.Due.HasFlag(lane.AsDue())) return null;
        Outcome? outcome = story.OutcomeOf(lane);
        return new JsonObject
        {
            ["known"] = outcome is not null,
            ["missed"] = outcome is null or { Missed: MissCode.None } ? null : Names.Snake(outcome.Missed.ToString()),
            ["detail"] = outcome?.Detail,
            ["trade"] = outcome?.Trade is { } trade ? TradeOf(trade) : null,
        };
    }

    private static JsonObject TradeOf(Trade trade) => new()
    {
        ["entry"] = trade.Entry.Price,
        ["exit"] = trade.Exit.Price,
        ["quantity"] = trade.Quantity,
        ["reason"] = Names.Snake(trade.Reason.ToString()),
        ["gross"] = trade.Gross,
        ["fees"] = trade.Fees,
        ["net"] = trade.Net,
        ["net_bps"] = trade.NetBps,
        ["won"] = trade.Won,
    };

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
