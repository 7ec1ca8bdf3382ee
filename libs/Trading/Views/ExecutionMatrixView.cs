using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>How often each way of executing succeeds.</summary>
public sealed record ExecutionMatrixView
{
    /// <summary>The ways, those most used first.</summary>
    [JsonPropertyName("paths")]
    public required IReadOnlyList<ExecutionPath> Paths { get; init; }

    /// <summary>Outcomes of ways beyond the most that are kept apart.</summary>
    [JsonPropertyName("other")]
    public required long Other { get; init; }

    /// <summary>The base currency.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }
}

/// <summary>One way: a kind of opportunity, a symbol and the venues.</summary>
public sealed record ExecutionPath
{
    /// <summary><c>cross_venue</c> or <c>directional</c>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>The symbol.</summary>
    [JsonPropertyName("symbol")]
    public required string Symbol { get; init; }

    /// <summary>Where it is bought and sold; one venue of a direction.</summary>
    [JsonPropertyName("venues")]
    public required IReadOnlyList<string> Venues { get; init; }

    /// <summary>Lane 1; absent where it owed nothing.</summary>
    [JsonPropertyName("production"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExecutionTally? Production { get; init; }

    /// <summary>Lane 2; absent where it owed nothing.</summary>
    [JsonPropertyName("shadow"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExecutionTally? Shadow { get; init; }
}

/// <summary>One lane on one way.</summary>
public sealed record ExecutionTally
{
    /// <summary>Outcomes.</summary>
    [JsonPropertyName("processed")]
    public required long Processed { get; init; }

    /// <summary>Of those, trades.</summary>
    [JsonPropertyName("filled")]
    public required long Filled { get; init; }

    /// <summary>Of those, trades that made money after fees.</summary>
    [JsonPropertyName("succeeded")]
    public required long Succeeded { get; init; }

    /// <summary>filled / processed.</summary>
    [JsonPropertyName("fill_rate")]
    public required double FillRate { get; init; }

    /// <summary>succeeded / filled; absent where nothing was filled.</summary>
    [JsonPropertyName("win_rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WinRate { get; init; }

    /// <summary>succeeded / processed = fill_rate x win_rate.</summary>
    [JsonPropertyName("success_rate")]
    public required double SuccessRate { get; init; }

    /// <summary>Profit after fees.</summary>
    [JsonPropertyName("net")]
    public required string Net { get; init; }

    /// <summary>Its currency.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }
}
