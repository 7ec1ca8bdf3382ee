using QuadTurbo.Training.Dataset;

namespace QuadTurbo.Training;

/// <summary>Everything the lane has learnt.</summary>
/// <param name="Ordinal">Last version.</param>
/// <param name="Samples">Samples learnt from.</param>
/// <param name="CrossVenue">The cross-venue learner.</param>
/// <param name="Directional">The directional learner.</param>
/// <param name="Dataset">What a full retrain starts from.</param>
/// <param name="NextTask">The hour at which the next daily task is due, UTC.</param>
/// <param name="FullAt">Time of the last full retrain, UTC; null for none.</param>
/// <param name="ServingSince">When the serving model began to serve, UTC.</param>
/// <param name="NewSinceFull">Samples since.</param>
/// <param name="CrossVenueCounts">Labels of gaps so far.</param>
/// <param name="DirectionalCounts">Labels of directions so far.</param>
/// <param name="Reported">Trades of other programs that it learnt from.</param>
/// <param name="Counted">What was counted so far.</param>
public sealed record LearnerState(
    int Ordinal, long Samples, IReadOnlyList<byte[]> CrossVenue, IReadOnlyList<byte[]> Directional, byte[] Dataset, DateTime? NextTask, DateTime? FullAt,
    DateTime? ServingSince, long NewSinceFull, LabelCounts CrossVenueCounts, LabelCounts DirectionalCounts, byte[] Reported, LaneCounts Counted = default);

/// <summary>What the lane has counted, over restarts.</summary>
/// <param name="Collected">Opportunities recorded.</param>
/// <param name="Reported">Trades that other programs reported.</param>
/// <param name="Runs">Versions made.</param>
public readonly record struct LaneCounts(long Collected, long Reported, long Runs);
