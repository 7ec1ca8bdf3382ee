using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.PreValidator.Scoring;

/// <summary>The model that scores: the labelled baseline v0.1.0 until a trained one is assigned.</summary>
public sealed class ServingModel
{
    private volatile ModelSet _current = new(ModelPackage.Baseline);

    /// <summary>The model in force; one reference, so a batch is scored by one model.</summary>
    public ModelSet Current => _current;

    /// <summary>From the next batch on, <paramref name="assigned"/> scores.</summary>
    /// <exception cref="ModelRefusedException">Its bytes are not what its identity says, or it was trained on another feature schema.</exception>
    public void Assign(ModelAssigned assigned) => _current = new(ModelPackage.Load(assigned.Package, assigned.Model));

    /// <summary>Counts what was scored.</summary>
    public static void Scored(int opportunities, TimeSpan elapsed)
    {
        PlatformMeters.Predictions.Add(opportunities);
        PlatformMeters.PredictionLatency.Record(elapsed.TotalSeconds / opportunities);
    }
}
