using QuadTurbo.Learning.Metrics;
using QuadTurbo.Training.Evaluation;
using QuadTurbo.Training.Triggers;

namespace QuadTurbo.Training;

/// <summary>What the training lane says of itself.</summary>
/// <param name="Samples">Labelled samples learnt from.</param>
/// <param name="NewSamples">Since the last version.</param>
/// <param name="Version">Ordinal of the last version; 0 for none.</param>
/// <param name="Guard">What keeps every trigger from firing; null for nothing.</param>
/// <param name="Triggers">Each trigger's answer.</param>
/// <param name="CrossVenue">Prequential figures of the cross-venue learner.</param>
/// <param name="CrossVenueBaseline">The same of the baseline.</param>
/// <param name="Profile">The trigger profile in force.</param>
/// <param name="NewSinceFull">Labelled samples since the last full retrain.</param>
/// <param name="Dataset">Rows that a full retrain would start from.</param>
/// <param name="Drifted">Columns that have begun to drift since the last full retrain; null for none.</param>
public sealed record TrainingAnswer(
    long Samples, long NewSamples, int Version, string? Guard, IReadOnlyList<TriggerAnswer> Triggers, PrequentialFigures CrossVenue,
    PrequentialFigures CrossVenueBaseline, string Profile, long NewSinceFull, int Dataset, string? Drifted);
