using System.Globalization;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Rest.Audit;

/// <summary>The first page, put together from what each owner says of its part.</summary>
internal sealed class OverviewPage(ITransport transport, TimeProvider clock)
{
    // A lane's queues are those of its handler on these topics.
    private static readonly Dictionary<int, (string Handler, string[] Topics)> Queued = new()
    {
        [4] = ("PreValidatorLane", [Topics.OpportunityDetected.Name]),
        [1] = ("ProductionLane", [Topics.OpportunityValidated.Name]),
        [2] = ("ShadowLane", [Topics.OpportunityValidated.Name, Topics.OpportunityRefused.Name]),
        [3] = ("TrainingLane", [Topics.OpportunityValidated.Name, Topics.OpportunityRefused.Name]),
    };

    /// <summary>Everything at this moment.</summary>
    /// <exception cref="UnansweredQueryException">No service of the process keeps the account.</exception>
    public async ValueTask<OverviewView> ReadAsync(CancellationToken cancel)
    {
        AuditView audit = await transport.AskAsync(Queries.Audit, default, cancel);
        GuardView? guard = await AskedAsync(Queries.Guard, default, cancel);
        RegistrySummary? registry = await AskedAsync(Queries.SummariseVersions, new SummariseVersions(Online: false), cancel);
        IReadOnlyList<QueueStatus> queues = transport.Queues;
        bool production = audit.Lanes.Any(static l => l is { Number: 1, Enabled: true });
        return new OverviewView
        {
            Mode = production ? "paper" : "spring_training",
            ModeText = production ? "PAPER: no real money" : "SPRING TRAINING: production is off",
            Synthetic = audit.Synthetic,
            Feed = audit.Feed,
            FeedTime = audit.FeedTime is { } at ? Instant(at) : null,
            Preset = audit.Preset,
            Version = audit.Version,
            Role = guard is null ? "learner" : queues.Any(static q => q.Handler == "TrainingLane") ? "all-in-one" : "trader",
            StartedAt = Instant(audit.StartedAt),
            Now = Instant(clock.GetUtcNow().UtcDateTime),
            AsOf = audit.AsOf.ToString(CultureInfo.InvariantCulture),
            Stage = guard?.Stage ?? "spring training: no service of this process trades",
            Kill = guard?.Kill ?? new KillView { On = false },
            Breakers = guard?.Breakers ?? [],
            Lanes = [.. audit.Lanes.Select(lane => WithQueues(lane, queues))],
            Detected = audit.Detected,
            DetectedPerS = audit.DetectedPerS,
            Conservation = audit.Conservation,
            Model = registry is null ? null : Live(registry.Live),
            Profit = audit.Profit,
            Alerts = audit.Alerts,
        };
    }

    private static LaneView WithQueues(LaneView lane, IReadOnlyList<QueueStatus> queues)
    {
        (string handler, string[] topics) = Queued[lane.Number];
        QueueStatus[] own = [.. queues.Where(q => q.Handler == handler && topics.Contains(q.Topic))];
        return lane with { QueueDepth = own.Sum(static q => (long)q.Depth), QueueCapacity = own.Sum(static q => (long)q.Capacity), Dropped = own.Sum(static q => q.Dropped) };
    }

    private static LiveModelView? Live(LiveView live) => live.Champion is not { } champion ? null : new LiveModelView
    {
        Id = champion.Id,
        Label = champion.Label,
        Ordinal = champion.Ordinal,
        Since = live.Since is { } since ? Instant(since) : null,
        Why = live.Why,
        Challenger = live.Challenger is { } challenger ? new ModelName { Id = challenger.Id, Label = challenger.Label, Ordinal = challenger.Ordinal } : null,
        ChallengerShare = live.Challenger is null ? null : live.Share,
    };

    private async ValueTask<TAnswer?> AskedAsync<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, CancellationToken cancel)
        where TAnswer : class
    {
        try
        {
            return await transport.AskAsync(query, question, cancel);
        }
        catch (UnansweredQueryException)
        {
            return null;
        }
    }

    private static string Instant(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
