using System.Text.Json.Nodes;
using QuadTurbo.Trading.Models;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Cycle;

/// <summary>What one midnight made of everything known by then [CYC-01].</summary>
public sealed record Night
{
    /// <summary>The midnight, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Labels of gaps known by then.</summary>
    public required LabelCounts CrossVenue { get; init; }

    /// <summary>Labels of directions known by then.</summary>
    public required LabelCounts Directional { get; init; }

    /// <summary>Rows in the dataset.</summary>
    public required int Rows { get; init; }

    /// <summary>The packages that it made; empty when it made none.</summary>
    public required IReadOnlyList<ModelRef> Models { get; init; }

    /// <summary>The meta-label model among them; null when there was too little to fit one to.</summary>
    public ModelRef? MetaLabel { get; init; }

    /// <summary>Whether the meta-label model may serve.</summary>
    public required bool Ready { get; init; }

    /// <summary>What was trained and what was not, and why.</summary>
    public required string Why { get; init; }

    /// <summary>One line for the log.</summary>
    public string Text =>
        $"night {At:yyyy-MM-dd}: {CrossVenue.Wins} wins (net > 0) among {CrossVenue.Labelled} cross-venue outcomes, as labels {CrossVenue.BandWins} wins and {CrossVenue.BandLosses} losses; "
        + $"{Directional.Wins} wins among {Directional.Labelled} directional, as labels {Directional.BandWins} and {Directional.BandLosses}; {Rows} rows. {Why}";

    /// <summary>The same for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["at"] = At,
        ["cross_venue"] = CountsOf(CrossVenue),
        ["directional"] = CountsOf(Directional),
        ["rows"] = Rows,
        ["trained"] = MetaLabel is not null,
        ["label"] = MetaLabel?.Label,
        ["models"] = new JsonArray([.. Models.Select(m => (JsonNode)m.Id)]),
        ["labels"] = new JsonArray([.. Models.Select(m => (JsonNode)m.Label)]),
        ["ready"] = Ready,
        ["why"] = Why,
    };

    private static JsonObject CountsOf(LabelCounts counts) => new()
    {
        ["labelled"] = counts.Labelled,
        ["wins"] = counts.Wins,
        ["label_wins"] = counts.BandWins,
        ["label_losses"] = counts.BandLosses,
    };
}
