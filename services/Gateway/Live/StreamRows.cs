using System.Globalization;
using System.Text.Json;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Live;

/// <summary>The data of the stream's messages. What is not known is absent; money is a decimal text; the encoder escapes what could be taken for markup.</summary>
internal static class StreamRows
{
    private const int LongestText = 512;

    /// <summary>Of <c>opportunity</c>.</summary>
    public static void Opportunity(Utf8JsonWriter json, Decision decision)
    {
        Opportunity o = decision.Opportunity;
        json.WriteStartObject();
        Begin(json, decision.Id, o.KnownAt, o.Market);
        json.WriteString("kind", o.Kind == OpportunityKind.CrossVenue ? "cross_venue" : "directional");
        json.WriteStartArray("venues");
        json.WriteStringValue(Cut(o.Buy.Instrument.Venue));
        if (o.Sell.Instrument.Venue != o.Buy.Instrument.Venue) json.WriteStringValue(Cut(o.Sell.Instrument.Venue));
        json.WriteEndArray();
        json.WriteString("mode", o.Mode switch { TradeMode.Arb => "arb", TradeMode.Scalp => "scalp", _ => "runner" });
        json.WriteString("side", o.Side == TradeSide.Long ? "long" : "short");
        Number(json, "gross_bps", o.GrossEdgeBps);
        Number(json, "net_bps", o.NetEdgeBps);
        Number(json, "score", decision.Score);
        json.WriteBoolean("passed", decision.Passed);
        json.WriteStartArray("reasons");
        foreach (string reason in decision.Reasons) json.WriteStringValue(Cut(reason));
        json.WriteEndArray();
        json.WriteString("model", decision.Model.Label);
        json.WriteEndObject();
    }

    /// <summary>Of <c>prediction</c>.</summary>
    public static void Prediction(Utf8JsonWriter json, Decision decision)
    {
        json.WriteStartObject();
        Begin(json, decision.Id, decision.Opportunity.KnownAt, decision.Opportunity.Market);
        Number(json, "score", decision.Score);
        Number(json, "meta_label", decision.MetaLabel);
        json.WriteString("model", decision.Model.Label);
        json.WriteBoolean("passed", decision.Passed);
        json.WriteEndObject();
    }

    /// <summary>Of <c>execution</c>.</summary>
    public static void Execution(Utf8JsonWriter json, Outcome outcome)
    {
        json.WriteStartObject();
        Begin(json, outcome.Id, outcome.At, outcome.Decision.Opportunity.Market);
        json.WriteString("lane", LaneName(outcome.Lane));
        json.WriteBoolean("passed", outcome.Decision.Passed);
        json.WriteString("state", outcome.Missed == MissCode.None ? "filled" : "missed");
        if (outcome.Trade is { } trade)
        {
            json.WriteString("result", trade.UnitNet > 0m ? "win" : trade.UnitNet < 0m ? "loss" : "breakeven");
            Money(json, "net", trade.Net);
            Number(json, "net_bps", trade.NetBps);
            if (Currency.Of(outcome.Decision.Opportunity.Market) is not "unknown" and var currency) json.WriteString("currency", currency);
        }
        if (outcome.Missed != MissCode.None) json.WriteString("missed", MissName(outcome.Missed));
        if (outcome.Detail is { } detail) json.WriteString("detail", Cut(detail));
        json.WriteEndObject();
    }

    /// <summary>Of <c>alert</c>, in the learning channel: a version was made.</summary>
    public static void Trained(Utf8JsonWriter json, (ModelTrained Trained, DateTime At) news)
    {
        ModelTrained trained = news.Trained;
        string auc = double.IsFinite(trained.Auc) ? string.Create(CultureInfo.InvariantCulture, $", AUC {trained.Auc:F3}") : "";
        Alert(json, "model_trained", $"{trained.Model.Label} was made: trigger {trained.Trigger}, {trained.Samples} samples{auc}", trained.Verdict, "begins", news.At, trained.Model);
    }

    /// <summary>Of <c>alert</c>, in the learning channel: a version judges from now on.</summary>
    public static void Assigned(Utf8JsonWriter json, (ModelAssigned Assigned, DateTime At) news)
    {
        ModelAssigned assigned = news.Assigned;
        string judges = assigned.Share switch
        {
            ModelAssigned.All => "judges everything",
            0 => "judges nothing any more",
            _ => string.Create(CultureInfo.InvariantCulture, $"judges {assigned.Share:P0} beside the champion"),
        };
        Alert(json, "model_assigned", $"{assigned.Model.Label} {judges}", assigned.Why, assigned.Share == 0 ? "ends" : "begins", news.At, assigned.Model);
    }

    /// <summary>Of <c>alert</c>: the account's guard.</summary>
    public static void Account(Utf8JsonWriter json, AccountChanged change)
    {
        string measured = double.IsFinite(change.Measured) && double.IsFinite(change.Limit)
            ? string.Create(CultureInfo.InvariantCulture, $" ({change.Measured:G6}, limit {change.Limit:G6})")
            : "";
        bool ends = change.Event is AccountEvent.Reset or AccountEvent.Resumed;
        Alert(json, change.What, Cut(change.Why) + measured, ends ? "nothing to do" : Advice(change.What), ends ? "ends" : "begins", change.At, null);
    }

    /// <summary>Of <c>connection</c>, every second while messages are left out for everyone.</summary>
    public static void Omitted(Utf8JsonWriter json, (string Channel, long Messages, int PerSecond) omitted)
    {
        json.WriteStartObject();
        json.WriteString("event", "omitted");
        json.WriteString("channel", omitted.Channel);
        json.WriteNumber("messages", omitted.Messages);
        json.WriteString("why", $"more than {omitted.PerSecond} a second (stream.messagesPerSecond): these were counted and not made, and have no seq");
        json.WriteEndObject();
    }

    /// <summary>The lane's name in the interface.</summary>
    public static string LaneName(Lane lane) => lane switch
    {
        Lane.Production => "production",
        Lane.ShadowSim => "shadow_sim",
        Lane.Training => "training",
        _ => "pre_validator",
    };

    /// <summary>The miss code's name in the interface.</summary>
    public static string MissName(MissCode code) => code switch
    {
        MissCode.NoQuote => "no_quote",
        MissCode.Stale => "stale",
        MissCode.Full => "full",
        MissCode.Restart => "restart",
        MissCode.FeedGap => "feed_gap",
        MissCode.Guard => "guard",
        _ => "none",
    };

    /// <summary>An instant of the interface: UTC, microseconds.</summary>
    public static string Instant(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static void Begin(Utf8JsonWriter json, OpportunityId id, DateTime at, string symbol)
    {
        json.WriteString("id", id.ToString());
        json.WriteString("at", Instant(at));
        json.WriteString("symbol", Cut(symbol));
    }

    private static void Alert(Utf8JsonWriter json, string code, string cause, string advice, string state, DateTime at, ModelRef? model)
    {
        json.WriteStartObject();
        json.WriteString("code", code);
        json.WriteString("cause", Cut(cause));
        json.WriteString("advice", Cut(advice));
        json.WriteString("state", state);
        json.WriteString("at", Instant(at));
        if (model is not null)
        {
            json.WriteStartObject("model");
            json.WriteString("id", model.Id);
            json.WriteString("label", model.Label);
            json.WriteNumber("ordinal", model.Ordinal);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Advice(string what) => what switch
    {
        Breaker.KillSwitch => "no new orders are sent; POST /api/resume with a reason ends it",
        Breaker.DailyLoss => "lane 1 pauses until the next UTC day of the market's clock; look at the losing trades",
        Breaker.ConsecutiveLosses => "lane 1 pauses for guard.coolOff; look at the losing trades",
        Breaker.Stage => "nothing to do; the stage decides what may be unlocked",
        _ => "lane 1 judges each opportunity by it; it ends with the condition",
    };

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
    }

    private static void Money(Utf8JsonWriter json, string name, decimal value)
    {
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out int n, default, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..n]);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
}
