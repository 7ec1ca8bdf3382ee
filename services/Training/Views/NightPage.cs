using System.Text.Json.Serialization;
using QuadTurbo.Training.Cycle;
using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training.Views;

/// <summary>A night of <c>GET /api/training/nights</c>.</summary>
internal sealed record NightPage(
    DateTime At,
    [property: JsonPropertyName("cross_venue")] LabelsPage CrossVenue,
    LabelsPage Directional,
    int Rows,
    bool Trained,
    string? Label,
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Labels,
    bool Ready,
    string Why)
{
    /// <summary>The page of a night.</summary>
    public static NightPage Of(Night night) => new(
        night.At, LabelsPage.Of(night.CrossVenue), LabelsPage.Of(night.Directional), night.Rows, night.MetaLabel is not null, night.MetaLabel?.Label,
        [.. night.Models.Select(m => m.Id)], [.. night.Models.Select(m => m.Label)], night.Ready, night.Why);
}

/// <summary>Labels known by a night.</summary>
internal sealed record LabelsPage(
    long Labelled, long Wins, [property: JsonPropertyName("label_wins")] long LabelWins, [property: JsonPropertyName("label_losses")] long LabelLosses)
{
    /// <summary>The page of counts.</summary>
    public static LabelsPage Of(LabelCounts counts) => new(counts.Labelled, counts.Wins, counts.BandWins, counts.BandLosses);
}
