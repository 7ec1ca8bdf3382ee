using System.Text.Json.Serialization;

namespace QuadTurbo.Trading.Views;

/// <summary>Decisions, newest first.</summary>
public sealed record OpportunityPage
{
    /// <summary>The decisions.</summary>
    [JsonPropertyName("items")]
    public required IReadOnlyList<OpportunityRow> Items { get; init; }

    /// <summary>Cursor of the next page; absent on the last.</summary>
    [JsonPropertyName("next"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }

    /// <summary>The last ledger record that the list knows of; -1 for none.</summary>
    [JsonPropertyName("as_of")]
    public required string AsOf { get; init; }
}
