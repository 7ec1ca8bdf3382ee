using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.PreValidator.Scoring;

/// <summary>The models that score: the labelled baseline v0.1.0 until another is assigned.</summary>
public sealed class ServingModel
{
    private volatile ModelRoster _current = ModelRoster.Baseline;

    /// <summary>The roster in force; one reference, so a batch is scored by one roster.</summary>
    public ModelRoster Current => _current;

    /// <summary>From the next batch on, <paramref name="assigned"/> scores its share.</summary>
    /// <exception cref="ModelRefusedException">Its bytes are not what its identity says, or it was trained on another feature schema.</exception>
    public void Assign(ModelAssigned assigned) => _current = _current.After(assigned);

    /// <summary>Counts what was scored.</summary>
    public static void Scored(int opportunities, TimeSpan elapsed)
    {
        PlatformMeters.Predictions.Add(opportunities);
        PlatformMeters.PredictionLatency.Record(elapsed.TotalSeconds / opportunities);
    }
}
