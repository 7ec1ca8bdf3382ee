using Microsoft.Extensions.Logging;
using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry;

/// <summary>Brings evidence over a restart: kept at a clean stop and every ten seconds before, so a crash costs at most so much. Not thread-safe.</summary>
/// <remarks>What is lost of it, and what happens while nothing runs, is lost whatever it said: what is left is a fair sample.</remarks>
internal sealed partial class Evidence(EvidenceStore store, TimeProvider clock, bool timed, ILogger log)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private long _kept = clock.GetTimestamp();

    /// <summary>An experiment with what was kept of it; the share is that of history.</summary>
    /// <param name="made">Makes one that has seen nothing.</param>
    /// <param name="share">The challenger's share.</param>
    /// <param name="since">Since when it has that share, UTC.</param>
    public Experiment Restore(Func<Experiment> made, double share, DateTime since)
    {
        Experiment experiment = made();
        if (!Restore(EvidenceStore.OfExperiment, experiment.Load)) experiment = made();
        if (experiment.Share != share) experiment.Ramp(share, since);
        return experiment;
    }

    /// <summary>A guard with what was kept of it.</summary>
    public RollbackGuard Restore(Func<RollbackGuard> made)
    {
        RollbackGuard guard = made();
        return Restore(EvidenceStore.OfGuard, guard.Load) ? guard : made();
    }

    /// <summary>Keeps what there is, if it is time to; in lockstep that is only at the end.</summary>
    public void KeepSometimes(Experiment? experiment, RollbackGuard? guard)
    {
        if (timed && clock.GetElapsedTime(_kept) >= Between) Keep(experiment, guard);
    }

    /// <summary>Keeps what there is, and forgets what there is not.</summary>
    public void Keep(Experiment? experiment, RollbackGuard? guard)
    {
        _kept = clock.GetTimestamp();
        try
        {
            if (experiment is null) store.Forget(EvidenceStore.OfExperiment);
            else store.Keep(EvidenceStore.OfExperiment, experiment.Save());
            if (guard is null) store.Forget(EvidenceStore.OfGuard);
            else store.Keep(EvidenceStore.OfGuard, guard.Save());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RegistryRefusedException)
        {
            // A full disk: the experiment goes on, and the next ten seconds try again.
            LogNotKept(log, e.Message);
        }
    }

    private delegate void Load(ReadOnlySpan<byte> saved);

    private bool Restore(string name, Load load)
    {
        try
        {
            if (store.Find(name) is not { } saved) return false;
            load(saved);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogNotTaken(log, name, e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "evidence is not kept, a restart would cost it: {Why}")]
    private static partial void LogNotKept(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "evidence of the {Name} begins anew: {Why}")]
    private static partial void LogNotTaken(ILogger log, string name, string why);
}
