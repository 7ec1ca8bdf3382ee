using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>One decision and everything that followed.</summary>
public sealed record OpportunityLife : OpportunityRow
{
    /// <summary>Feed position, or the number of the submission.</summary>
    [JsonPropertyName("position")]
    public required string Position { get; init; }

    /// <summary>The ledger record that holds the decision.</summary>
    [JsonPropertyName("record")]
    public required string Record { get; init; }

    /// <summary>The same as <c>id</c>: what its messages and logs are traced by.</summary>
    [JsonPropertyName("trace_id")]
    public required string TraceId { get; init; }

    /// <summary>Sent in by a caller rather than detected.</summary>
    [JsonPropertyName("submitted")]
    public required bool Submitted { get; init; }

    /// <summary>The market's state: <c>unknown</c>, <c>range</c>, <c>trend</c> or <c>panic</c>.</summary>
    [JsonPropertyName("regime")]
    public required string Regime { get; init; }

    /// <summary>The route in words.</summary>
    [JsonPropertyName("route")]
    public required string Route { get; init; }

    /// <summary>What it promised.</summary>
    [JsonPropertyName("expected")]
    public required ExpectedView Expected { get; init; }

    /// <summary>Every gate in order.</summary>
    [JsonPropertyName("gates")]
    public required IReadOnlyList<GateView> Gates { get; init; }

    /// <summary>The model's inputs in order.</summary>
    [JsonPropertyName("features")]
    public required IReadOnlyList<FeatureView> Features { get; init; }

    /// <summary>Log-odds of the score when nothing is known; this and the contributions sum to those of the score.</summary>
    [JsonPropertyName("contribution_base"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ContributionBase { get; init; }

    /// <summary>The model that scored it.</summary>
    [JsonPropertyName("model_detail")]
    public required ModelName ModelDetail { get; init; }

    /// <summary>The trained model's probability of a win.</summary>
    [JsonPropertyName("meta_label"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MetaLabel { get; init; }

    /// <summary>The nearest change that flips the verdict.</summary>
    [JsonPropertyName("nearest_change"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NearestChange { get; init; }

    /// <summary>What the lanes made of it.</summary>
    [JsonPropertyName("outcomes")]
    public required OutcomesView Outcomes { get; init; }

    /// <summary>Production beside shadow; absent unless both gave an outcome.</summary>
    [JsonPropertyName("twin"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TwinGap? Twin { get; init; }
}

/// <summary>What an opportunity promised, for its whole size.</summary>
public sealed record ExpectedView
{
    /// <summary>Before costs.</summary>
    [JsonPropertyName("gross"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gross { get; init; }

    /// <summary>Fees of both sides.</summary>
    [JsonPropertyName("fees"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fees { get; init; }

    /// <summary>After fees; before gas.</summary>
    [JsonPropertyName("net"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Net { get; init; }

    /// <summary>Gas that it burns.</summary>
    [JsonPropertyName("gas"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gas { get; init; }

    /// <summary>Base currency of the pair.</summary>
    [JsonPropertyName("size"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Size { get; init; }

    /// <summary>Currency of the amounts.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }
}

/// <summary>One gate of one decision.</summary>
public sealed record GateView
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary><c>pass</c>, <c>fail</c> or <c>unknown</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>Whether its failure refuses this kind of opportunity.</summary>
    [JsonPropertyName("binds")]
    public required bool Binds { get; init; }

    /// <summary>What was measured.</summary>
    [JsonPropertyName("value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Value { get; init; }

    /// <summary>What it was held to; absent where it was held to nothing, as gas_rule is without gas and profit.</summary>
    [JsonPropertyName("limit"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Limit { get; init; }

    /// <summary>The same where it is no number.</summary>
    [JsonPropertyName("limit_text"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LimitText { get; init; }

    /// <summary>What must hold: <c>&gt;</c>, <c>&gt;=</c>, <c>&lt;</c>, <c>&lt;=</c> or <c>in</c>.</summary>
    [JsonPropertyName("comparison")]
    public required string Comparison { get; init; }

    /// <summary>Unit of both; empty for none.</summary>
    [JsonPropertyName("unit")]
    public required string Unit { get; init; }

    /// <summary>What is measured.</summary>
    [JsonPropertyName("measures")]
    public required string Measures { get; init; }

    /// <summary>The coded reason where it failed.</summary>
    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>One input of the model.</summary>
public sealed record FeatureView
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Its unit.</summary>
    [JsonPropertyName("unit")]
    public required string Unit { get; init; }

    /// <summary>Its value; absent where not known.</summary>
    [JsonPropertyName("value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Value { get; init; }

    /// <summary>What it adds to the log-odds of the score; absent where the model cannot tell.</summary>
    [JsonPropertyName("contribution"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Contribution { get; init; }
}

/// <summary>What the lanes made of one opportunity; a lane that owes nothing is absent.</summary>
public sealed record OutcomesView
{
    /// <summary>Lane 1.</summary>
    [JsonPropertyName("production"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TradeLife? Production { get; init; }

    /// <summary>Lane 2.</summary>
    [JsonPropertyName("shadow_sim"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TradeLife? ShadowSim { get; init; }

    /// <summary>Lane 3.</summary>
    [JsonPropertyName("training"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainingState? Training { get; init; }
}

/// <summary>Whether the sample was recorded.</summary>
public sealed record TrainingState
{
    /// <summary><c>open</c>, <c>recorded</c> or <c>missed</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>When, UTC.</summary>
    [JsonPropertyName("at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? At { get; init; }
}

/// <summary>What one lane made of it, fill by fill.</summary>
public sealed record TradeLife : LaneResult
{
    /// <summary>When it was known, UTC.</summary>
    [JsonPropertyName("at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? At { get; init; }

    /// <summary><c>long</c> or <c>short</c>.</summary>
    [JsonPropertyName("side"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Side { get; init; }

    /// <summary>Base currency of the pair.</summary>
    [JsonPropertyName("quantity"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Quantity { get; init; }

    /// <summary>Profit before fees.</summary>
    [JsonPropertyName("gross"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gross { get; init; }

    /// <summary>Fees of both sides.</summary>
    [JsonPropertyName("fees"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fees { get; init; }

    /// <summary><c>legs</c>, <c>take_profit</c>, <c>stop_loss</c> or <c>timeout</c>.</summary>
    [JsonPropertyName("exit_reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExitReason { get; init; }

    /// <summary>From entry to exit.</summary>
    [JsonPropertyName("duration_s"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DurationS { get; init; }

    /// <summary>Entry and exit; empty where missed, or in a list.</summary>
    [JsonPropertyName("fills")]
    public required IReadOnlyList<FillView> Fills { get; init; }
}

/// <summary>One filled order.</summary>
public sealed record FillView
{
    /// <summary>UTC.</summary>
    [JsonPropertyName("at")]
    public required string At { get; init; }

    /// <summary>Where.</summary>
    [JsonPropertyName("venue")]
    public required string Venue { get; init; }

    /// <summary>As the venue gives it.</summary>
    [JsonPropertyName("symbol")]
    public required string Symbol { get; init; }

    /// <summary>The touch on the platform's own book at that instant.</summary>
    [JsonPropertyName("observed")]
    public required string Observed { get; init; }

    /// <summary>The touch that the venue filled against.</summary>
    [JsonPropertyName("quoted")]
    public required string Quoted { get; init; }

    /// <summary>What was paid or received.</summary>
    [JsonPropertyName("price")]
    public required string Price { get; init; }

    /// <summary>Base currency of the pair.</summary>
    [JsonPropertyName("quantity")]
    public required string Quantity { get; init; }

    /// <summary>Fee.</summary>
    [JsonPropertyName("fee")]
    public required string Fee { get; init; }
}

/// <summary>production net - shadow net.</summary>
public sealed record TwinGap
{
    /// <summary>The difference.</summary>
    [JsonPropertyName("gap")]
    public required string Gap { get; init; }

    /// <summary>What it is made of: these and <c>unexplained</c> sum to the gap.</summary>
    [JsonPropertyName("causes")]
    public required IReadOnlyList<CauseAmount> Causes { get; init; }

    /// <summary>What no cause accounts for.</summary>
    [JsonPropertyName("unexplained")]
    public required string Unexplained { get; init; }

    /// <summary>Currency of the amounts.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }
}

/// <summary>One cause of a gap.</summary>
public sealed record CauseAmount
{
    /// <summary><c>latency</c>, <c>price_move</c>, <c>impact</c>, <c>fee</c>, <c>size</c> or <c>missed</c>.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Its part, signed.</summary>
    [JsonPropertyName("amount")]
    public required string Amount { get; init; }
}
