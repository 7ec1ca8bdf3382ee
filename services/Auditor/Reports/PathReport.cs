using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Auditor.Reports;

/// <summary>The account of a run as JSON; the names are fixed, more may be added. Amounts are in the base currency unless a currency is named.</summary>
public static class PathReport
{
    /// <summary>Everything the auditor knows, by the names of the public report.</summary>
    public static JsonObject Of(PathAudit audit)
    {
        FeedReport? feed = audit.Feeds.LastOrDefault();
        return new JsonObject
        {
            ["feed"] = feed is null ? null : FeedOf(feed),
            ["detected"] = Detected(audit, feed),
            ["lanes"] = Lanes(audit),
            ["comparison"] = Comparison(audit),
            ["gates"] = new JsonArray([.. audit.Court.Gates.Select(GateOf)]),
            ["conservation"] = ConservationOf(audit.Conservation),
            ["decision_hash"] = audit.DecisionHash,
            ["labelled"] = Labelled(audit),
            ["alerts"] = new JsonArray([.. Alerts.Alert.Of(audit).Select(a => (JsonNode)new JsonObject { ["code"] = a.Code, ["cause"] = a.Cause, ["advice"] = a.Advice })]),
        };
    }

    private static JsonObject FeedOf(FeedReport feed) => new()
    {
        ["name"] = feed.Feed,
        ["synthetic"] = feed.Synthetic,
        ["files"] = feed.Files.Count,
        ["file_names"] = Texts(feed.Files),
        ["rows"] = feed.Rows,
        ["quotes"] = feed.Quotes,
        ["trades"] = feed.Trades,
        ["skipped"] = Texts(feed.Skipped),
        ["sample_s"] = feed.SampleSeconds,
        ["rejected"] = new JsonObject { ["crossed"] = feed.Crossed, ["stale"] = feed.Stale, ["malformed"] = feed.Malformed },
        ["malformed_rows"] = Texts(feed.MalformedRows),
        ["treat_as"] = new JsonObject(feed.TreatAs.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))),
        ["remarks"] = Texts(feed.Remarks),
        ["from"] = feed.From,
        ["to"] = feed.To,
    };

    private static JsonObject Detected(PathAudit audit, FeedReport? feed)
    {
        var bySymbol = new JsonObject();
        Dictionary<string, SymbolReport> seen = (feed?.Symbols ?? []).ToDictionary(s => s.Symbol, StringComparer.Ordinal);
        foreach (string symbol in seen.Keys.Union(audit.Symbols.Keys).Order(StringComparer.Ordinal))
        {
            SymbolTally tally = audit.Symbols.GetValueOrDefault(symbol) ?? new SymbolTally();
            bySymbol[symbol] = new JsonObject
            {
                ["aligned"] = seen.GetValueOrDefault(symbol)?.Aligned ?? 0,
                ["grossPositive"] = tally.GrossPositive,
                ["netPositive"] = tally.NetPositive,
                ["netPositiveOutcomes"] = new JsonObject { ["win"] = tally.Wins, ["loss"] = tally.Losses, ["missed"] = tally.Missed },
                ["venues"] = Texts(seen.GetValueOrDefault(symbol)?.Venues ?? []),
            };
        }
        return new JsonObject
        {
            ["total"] = audit.Conservation.Opportunities,
            ["crossVenue"] = audit.Judged - audit.Directional,
            ["directional"] = audit.Directional,
            ["bySymbol"] = bySymbol,
        };
    }

    private static JsonObject Lanes(PathAudit audit)
    {
        JsonObject shadow = LaneOf(audit.Shadow);
        shadow["passed"] = LaneOf(audit.ShadowPassed);
        shadow["blocked"] = LaneOf(audit.ShadowBlocked);
        return new JsonObject
        {
            ["production"] = LaneOf(audit.Production),
            ["shadow"] = shadow,
            ["training"] = new JsonObject
            {
                ["samples_collected"] = audit.Labelled,
                ["model_version"] = audit.LastModel is { } model ? $"v{model.Model.Ordinal}" : "v0",
                ["model_id"] = audit.LastModel?.Model.Id,
                ["serving"] = audit.Serving?.Model.Id,
                ["training_runs"] = audit.TrainingRuns,
                ["accuracy"] = Known(audit.LastModel?.Accuracy),
                ["auc"] = Known(audit.LastModel?.Auc),
                ["log_loss"] = Known(audit.LastModel?.LogLoss),
                ["baseline_log_loss"] = Known(audit.LastModel?.BaselineLogLoss),
                ["recorded"] = audit.Recorded,
            },
            ["pre_validator"] = new JsonObject
            {
                ["processed"] = audit.Judged,
                ["passed"] = audit.Passed,
                ["failed"] = audit.Judged - audit.Passed,
                ["pass_rate"] = audit.Judged == 0 ? null : (double)audit.Passed / audit.Judged,
            },
        };
    }

    private static JsonObject LaneOf(LaneTally lane) => new()
    {
        ["processed"] = lane.Processed,
        ["success"] = lane.Success,
        ["missed"] = lane.Missed,
        ["total_profit"] = lane.Profit.Base,
        ["win_rate"] = lane.SuccessRate,
        ["profit_by_currency"] = Money(lane.Profit),
        ["missed_by"] = new JsonObject(lane.MissedBy.Select(m => KeyValuePair.Create<string, JsonNode?>(Names.Snake(m.Key.ToString()), m.Value))),
    };

    private static JsonObject Comparison(PathAudit audit) => new()
    {
        ["total"] = audit.Twins.Total,
        ["avg_discrepancy"] = audit.Twins.AverageDiscrepancy,
        ["gap"] = audit.Twins.Gap,
        ["causes"] = new JsonObject(audit.Twins.Causes.ByName.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Name, c.Amount))),
        ["both_filled"] = audit.Twins.BothFilled,
        ["same_sign"] = audit.Twins.SameSign,
    };

    private static JsonNode GateOf(GateRecord gate) => new JsonObject
    {
        ["name"] = gate.Definition.Name,
        ["pass"] = gate.Pass,
        ["fail"] = gate.Fail,
        ["unknown"] = gate.Unknown,
        ["good_blocks"] = gate.Blocked.Good,
        ["bad_blocks"] = gate.Blocked.Bad,
        ["saved"] = gate.Blocked.Saved,
        ["missed"] = gate.Blocked.Missed,
        ["would_have_blocked"] = new JsonObject { ["good"] = gate.Advised.Good, ["bad"] = gate.Advised.Bad, ["saved"] = gate.Advised.Saved, ["missed"] = gate.Advised.Missed },
        ["accuracy"] = gate.Accuracy,
        ["blocked_net"] = gate.BlockedNet is { } net ? new JsonObject { ["mean"] = net.Mean, ["low"] = net.Low, ["high"] = net.High } : null,
        ["verdict"] = gate.Verdict,
    };

    private static JsonObject ConservationOf(Conservation conservation) => new()
    {
        ["opportunities"] = conservation.Opportunities,
        ["verdicts"] = conservation.Verdicts,
        ["due"] = conservation.Due,
        ["outcomes"] = conservation.Outcomes,
        ["open"] = conservation.Open,
        ["missing"] = conservation.Missing,
    };

    private static JsonObject Labelled(PathAudit audit) => new()
    {
        ["all_lanes"] = audit.Labelled,
        ["production_alone"] = audit.LabelledByProduction,
        ["ratio"] = audit.LabelledByProduction == 0 ? null : (double)audit.Labelled / audit.LabelledByProduction,
    };

    private static JsonObject Money(MoneyByCurrency money) =>
        new(money.All.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value)));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static double? Known(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
