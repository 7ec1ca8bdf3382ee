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

    /// <summary>Outcomes that both have foretold.</summary>
    public long Outcomes => experiment.Outcomes;

    /// <summary>Takes one outcome. Of what either could not foretell there is no evidence; where the model that judged it could not, that counts as an
    /// error of it.</summary>
    public void Learn(Outcome outcome, Trade trade)
    {
        PairedOutcome? pair = rivals.Of(outcome, trade, out Opinion champion, out Opinion challenger);
        if (pair is { } both) experiment.Learn(both);
        if (outcome.Decision.Model.Id == rivals.Challenger.Ref.Id) experiment.Predicted(Arm.Challenger, challenger.Elapsed, !challenger.Scored);
        else if (outcome.Decision.Model.Id == rivals.Champion.Ref.Id) experiment.Predicted(Arm.Champion, champion.Elapsed, !champion.Scored);
    }
}
