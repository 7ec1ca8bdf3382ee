using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Registry;

/// <summary>A challenger beside the champion, in traffic or in shadow alone, on every opportunity. Not thread-safe.</summary>
/// <param name="rivals">The two.</param>
/// <param name="experiment">Their evidence.</param>
/// <param name="version">The challenger as it is registered.</param>
/// <param name="inTraffic">False for a version that is not ready: it is compared, and judges nothing.</param>
internal sealed class Contest(Rivals rivals, Experiment experiment, ModelVersion version, bool inTraffic)
{
    /// <summary>The challenger as it is registered.</summary>
    public ModelVersion Version => version;

    /// <summary>The two.</summary>
    public Rivals Rivals => rivals;

    /// <summary>Their evidence.</summary>
    public Experiment Experiment => experiment;

    /// <summary>False for a version that is only compared.</summary>
    public bool InTraffic => inTraffic;

    /// <summary>The challenger's share when it began.</summary>
    public double FirstShare { get; } = experiment.Share;

    /// <summary>Outcomes that both have foretold.</summary>
    public long Outcomes { get; private set; }

    /// <summary>Takes one outcome; passes over what either could not foretell.</summary>
    public void Learn(Outcome outcome, Trade trade)
    {
        if (rivals.Of(outcome, trade, out TimeSpan championTime, out TimeSpan challengerTime) is not { } pair) return;
        Outcomes++;
        experiment.Learn(pair);
        bool challenged = outcome.Decision.Model.Id == rivals.Challenger.Ref.Id;
        if (challenged || outcome.Decision.Model.Id == rivals.Champion.Ref.Id)
            experiment.Predicted(challenged ? Arm.Challenger : Arm.Champion, challenged ? challengerTime : championTime);
    }
}
