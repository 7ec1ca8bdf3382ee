using System.Diagnostics;
using QuadTurbo.Auditor.Alerts;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Training;

namespace QuadTurbo.Platform.Doctor;

/// <summary>What the latest run teaches [LANE-26]: queues filling, a low pass rate, a large discrepancy, training that does not trigger.</summary>
internal static class RunAdvice
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Advice from the ledger of <paramref name="directory"/>; of a ledger too long to fold in 3 s, from its beginning.</summary>
    public static IReadOnlyList<Finding> Of(string directory, PlatformSettings settings)
    {
        var findings = new List<Finding>();
        using var audit = new PathAudit();
        long began = Stopwatch.GetTimestamp();
        try
        {
            foreach ((long sequence, object record) in LedgerFold.Events(directory))
            {
                audit.ApplyRecord(record);
                if (Stopwatch.GetElapsedTime(began) < Patience) continue;
                findings.Add(Finding.Warning("run", $"the ledger is long: advice is from its first {sequence + 1:N0} records", $"run: quadturbo report --data-dir {directory}"));
                break;
            }
        }
        catch (LedgerDamagedException)
        {
            return [];
        }
        findings.AddRange(Alert.Of(audit).Where(a => a.Code != "conservation" || findings.Count == 0).Select(Advice));
        findings.AddRange(Training(audit, settings));
        if (findings.Count == 0) findings.Add(Finding.Fine("run", $"the last run ('{directory}', {audit.Judged:N0} decisions) gives no cause for advice"));
        return findings;
    }

    private static Finding Advice(Alert alert) =>
        alert.Code == "conservation" ? Finding.Problem(alert.Code, alert.Cause, alert.Advice) : Finding.Warning(alert.Code, alert.Cause, alert.Advice);

    private static IEnumerable<Finding> Training(PathAudit audit, PlatformSettings settings)
    {
        if (audit.Judged == 0 || audit.TrainingRuns > 0) yield break;
        TriggerSettings triggers = settings.Get<TriggerSettings>();
        if (!settings.Get<LaneSettings>().EnableTraining || settings.Get<TrainingSettings>().Learn == LearnMode.Off)
            yield return Finding.Warning("training", "training is off", "set lanes.enableTraining=true and training.learn=online");
        else if (audit.Labelled < triggers.Interval)
        {
            yield return Finding.Warning(
                "training", $"training has not triggered: {audit.Labelled} labelled samples, {triggers.Interval} make a version",
                audit.Labelled == 0
                    ? "no trade was filled, so nothing is labelled: switch the shadow lane on (lanes.enableShadowSim=true), or run longer"
                    : $"lower triggers.interval to {Math.Max(1, audit.Labelled / 2)}, run longer, or ask for a version with 'retrain'");
        }
        else
        {
            yield return Finding.Warning(
                "training", $"training has not triggered although {audit.Labelled} labelled samples are there and {triggers.Interval} make a version", "ask 'training why'");
        }
    }
}
