using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>Production and shadow side by side: the totals, and the pairs newest first.</summary>
public sealed record TwinsView
{
    /// <summary>Pairs compared.</summary>
    [JsonPropertyName("total")]
    public required long Total { get; init; }

    /// <summary>Pairs of which both sides filled.</summary>
    [JsonPropertyName("both_filled")]
    public required long BothFilled { get; init; }

    /// <summary>Of those, pairs with nets of the same sign.</summary>
    [JsonPropertyName("same_sign")]
    public required long SameSign { get; init; }

    /// <summary>Mean |production net - shadow net|, base currency; absent without a pair in it.</summary>
    [JsonPropertyName("avg_discrepancy"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AvgDiscrepancy { get; init; }

    /// <summary>production net - shadow net over all pairs in the base currency.</summary>
    [JsonPropertyName("gap")]
    public required string Gap { get; init; }

    /// <summary>The part that no cause accounts for.</summary>
    [JsonPropertyName("unexplained")]
    public required string Unexplained { get; init; }

    /// <summary>The other parts.</summary>
    [JsonPropertyName("causes")]
    public required IReadOnlyList<CauseAmount> Causes { get; init; }

    /// <summary>The base currency.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }

    /// <summary>The pairs.</summary>
    [JsonPropertyName("items")]
    public required IReadOnlyList<TwinRow> Items { get; init; }

    /// <summary>Cursor of the next page; absent on the last.</summary>
    [JsonPropertyName("next"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }

    /// <summary>The last ledger record that the list knows of; -1 for none.</summary>
    [JsonPropertyName("as_of")]
    public required string AsOf { get; init; }
}

/// <summary>One pair.</summary>
public sealed record TwinRow
{
    /// <summary>Trace id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The instant whose quotes it was computed from, UTC.</summary>
    [JsonPropertyName("at")]
    public required string At { get; init; }

    /// <summary>The symbol.</summary>
    [JsonPropertyName("symbol")]
    public required string Symbol { get; init; }

    /// <summary>Lane 1.</summary>
    [JsonPropertyName("production")]
    public required LaneResult Production { get; init; }

    /// <summary>Lane 2.</summary>
    [JsonPropertyName("shadow")]
    public required LaneResult Shadow { get; init; }

    /// <summary>production net - shadow net.</summary>
    [JsonPropertyName("gap")]
    public required string Gap { get; init; }

    /// <summary>What it is made of.</summary>
    [JsonPropertyName("causes")]
    public required IReadOnlyList<CauseAmount> Causes { get; init; }

    /// <summary>What no cause accounts for.</summary>
    [JsonPropertyName("unexplained")]
    public required string Unexplained { get; init; }

    /// <summary>Currency of the amounts.</summary>
    [JsonPropertyName("currency")]
    public required string Currency { get; init; }
}
