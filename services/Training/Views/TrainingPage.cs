using System.Text.Json.Serialization;
using QuadTurbo.Learning.Metrics;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Training.Views;

/// <summary>The answer to <c>GET /api/training</c>; what is not known is absent.</summary>
internal sealed record TrainingPage(
    long Samples, [property: JsonPropertyName("new_samples")] long NewSamples, int Version, string? Guard, IReadOnlyList<TriggerPage> Triggers,
    [property: JsonPropertyName("cross_venue")] FiguresPage CrossVenue, [property: JsonPropertyName("cross_venue_baseline")] FiguresPage CrossVenueBaseline,
    string Profile, [property: JsonPropertyName("new_since_full")] long NewSinceFull, int Dataset, string? Drifted)
{
    /// <summary>The page of an answer.</summary>
    public static TrainingPage Of(TrainingAnswer a) => new(
        a.Samples, a.NewSamples, a.Version, a.Guard, [.. a.Triggers.Select(TriggerPage.Of)], FiguresPage.Of(a.CrossVenue), FiguresPage.Of(a.CrossVenueBaseline),
        a.Profile, a.NewSinceFull, a.Dataset, a.Drifted);
}

/// <summary>One trigger's answer.</summary>
internal sealed record TriggerPage(string Name, bool Fires, double? Measured, double Limit, string Why)
{
    /// <summary>The page of an answer.</summary>
    public static TriggerPage Of(TriggerAnswer t) => new(t.Name, t.Fires, double.IsFinite(t.Measured) ? t.Measured : null, t.Limit, t.Why);
}

/// <summary>Prequential figures.</summary>
internal sealed record FiguresPage(long Count, long Positives, [property: JsonPropertyName("log_loss")] double? LogLoss, double? Brier, double? Accuracy, double? Auc)
{
    /// <summary>The page of figures.</summary>
    public static FiguresPage Of(PrequentialFigures f) =>
        new(f.Count, f.Positives, Known(f.LogLoss), Known(f.Brier), Known(f.Accuracy), Known(f.Auc));

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
