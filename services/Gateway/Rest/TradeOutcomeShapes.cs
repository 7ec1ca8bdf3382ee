using System.ComponentModel;
using System.Text.Json.Serialization;

namespace QuadTurbo.Gateway.Rest;

/// <summary>The body of <c>POST /api/trade_outcome</c>, for the OpenAPI document; it is read without this record.</summary>
internal sealed record TradeOutcomeShape(
    [property: JsonPropertyName("trade_id"), Description("1 to 256 bytes. Reported again with the same body it changes nothing; with another one it is refused (409).")] string TradeId,
    [property: JsonPropertyName("model_id"), Description("The model that the trade was made with, 1 to 256 bytes.")] string ModelId,
    [property: JsonPropertyName("features"), Description("Features at entry by name; those that are not known are left out or null. Or a list of all 32 in the order of the schema.")]
    Dictionary<string, double?> Features,
    [property: JsonPropertyName("outcome"), Description("WIN or LOSS, after fees; it must agree with the sign of pnl_bps.")] string Outcome,
    [property: JsonPropertyName("pnl_bps"), Description("Net of fees, bps of the entry, -1e6 to 1e6.")] double PnlBps,
    [property: JsonPropertyName("duration_sec"), Description("From entry to exit, 0 to 31622400 seconds.")] double DurationSec);

/// <summary>The answer to <c>POST /api/trade_outcome</c>.</summary>
internal sealed record TradeOutcomeAnswer(
    [property: JsonPropertyName("trade_id")] string TradeId,
    [property: JsonPropertyName("status"), Description("accepted: it joins the next training batch; already_known: it was reported before.")] string Status);
