using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Drift;
using QuadTurbo.Training.Evaluation;

namespace QuadTurbo.Training;

/// <summary>What the lane keeps of one kind of opportunity. Not thread-safe.</summary>
internal sealed class KindWatch(OpportunityKind kind, TrainingSettings training, TimeProvider? pace)
{
    /// <summary>Labels so far.</summary>
    public LabelCounts Counts { get; set; }

    /// <summary>What comes in, against what the last full retrain was made of.</summary>
    public DriftWatch Drift { get; } = new(kind, training.Seed, pace);

    /// <summary>Probabilities that serve, against what happens.</summary>
    public CalibrationWatch Calibration { get; } = new(kind, training.BandBps);

    /// <summary>Counts one more label.</summary>
    public void Count(Sample sample) => Counts = Counts.With(sample, training.BandBps);
}
