using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Threads;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Serving;

/// <summary>The models that score requests from outside: the labelled baseline v0.1.0 until others are assigned.</summary>
/// <remarks>A swap is one reference: a batch is scored by one roster, and no request waits or fails. A model that does not pass its warm-up never serves.</remarks>
internal sealed partial class InferenceModel(SecondOpinions opinions, TimeProvider clock, ILogger<InferenceModel> log)
{
    private static readonly Histogram<double> Disagreement = Meters.Shared.CreateHistogram(
        "quadturbo_ensemble_disagreement", "1", "Largest less smallest score of the members, mean of a batch.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1] });

    private static readonly Counter<long> RefusedModels = Meters.Shared.CreateCounter<long>("quadturbo_inference_models_refused_total", null, "Models assigned that did not pass their self-test.");
    private readonly LatencyHistogram _latency = new();
    private volatile ServingRoster _roster = ServingRoster.Baseline(clock.GetUtcNow().UtcDateTime);
    private volatile string? _lastRefusal;
    private long _requests, _predictions, _errors, _refused;

    /// <summary>The health of serving: degraded while the model that was assigned last is refused.</summary>
    public HealthReading Health => _lastRefusal is { } why ? HealthReading.Degraded(why) : HealthReading.Healthy;

    /// <summary>Loads <paramref name="assigned"/> beside the requests, then lets it judge: <see cref="Assign"/>.</summary>
    public ValueTask AssignAsync(ModelAssigned assigned) => new(BackgroundThread.RunAsync("load model", () => Assign(assigned)));

    /// <summary>From the next batch on <paramref name="assigned"/> judges its share, if it passes its self-test; else the models before it stay, and that is counted.</summary>
    public void Assign(ModelAssigned assigned)
    {
        try
        {
            _roster = _roster.After(assigned, clock.GetUtcNow().UtcDateTime);
            _lastRefusal = null;
        }
        catch (Exception e) when (e is ModelRefusedException or InvalidOperationException or ArgumentException or OnnxException)
        {
            Interlocked.Increment(ref _refused);
            RefusedModels.Add(1);
            _lastRefusal = $"{assigned.Model} is refused, {_roster.Champion.Set.Ref} serves on: {e.Message}";
            LogRefused(log, _lastRefusal, e);
        }
    }

    /// <summary>Scores <paramref name="batch"/> by the roster in force.</summary>
    public PredictionAnswer Score(PredictionBatch batch)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            ServingRoster roster = _roster;
            PredictionAnswer answer = roster.Score(batch);
            Count(roster, batch, answer);
            if (roster.Challenger is not null) opinions.Ask(roster, batch);
            return answer;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Interlocked.Increment(ref _errors);
            throw;
        }
    }

    /// <summary>What serves, and how it has done.</summary>
    public ServingStatus Status()
    {
        ServingRoster roster = _roster;
        (_, RequestScorer scorer, string why, DateTime since, _) = roster.Champion;
        return new ServingStatus
        {
            Model = scorer.Names.Model,
            Kind = scorer.Package.Manifest.Kind,
            Samples = scorer.Package.Manifest.Samples,
            Why = why,
            Since = since,
            Voting = scorer.Ensemble is { } ensemble ? ensemble.Ballot.Strategy.ToString().ToLowerInvariant() : "",
            Members = Members(scorer),
            Scope = scorer.Names.Scope,
            Provider = scorer.Names.Provider,
            Providers = Providers(),
            Fields = RequestFeatures.ByField,
            UnusedFields = scorer.UnusedFields,
            Arms = [ArmOf(roster.Champion, 1 - roster.Share), .. roster.Challenger is { } rival ? [ArmOf(rival, roster.Share)] : Array.Empty<ServingArm>()],
            Difference = roster.Difference.Read(),
            OpinionsDropped = opinions.Dropped,
            Requests = Interlocked.Read(ref _requests),
            Predictions = Interlocked.Read(ref _predictions),
            Errors = Interlocked.Read(ref _errors),
            Refused = Interlocked.Read(ref _refused),
            Latency = (_latency.Quantile(0.5), _latency.Quantile(0.95), _latency.Quantile(0.99)),
        };
    }

    // Loads ONNX Runtime if no model has: who asks for the list waits some milliseconds once.
    private static string[] Providers()
    {
        try
        {
            return [.. OnnxEnvironment.Shared.Usable.Select(OnnxProviders.NameOf)];
        }
        catch (OnnxException)
        {
            return [RequestScorer.Cpu];
        }
    }

    private static ServingArm ArmOf(Arm arm, double share) => new()
    {
        Model = arm.Set.Ref,
        Share = share,
        Why = arm.Why,
        Since = arm.Since,
        Members = Members(arm.Scorer),
        Predictions = arm.Figures.Predictions,
        Errors = arm.Figures.Errors,
        Opinions = arm.Figures.Opinions,
        Latency = arm.Figures.Quantiles,
    };

    private static ServingMember[] Members(RequestScorer scorer) =>
        scorer.Ensemble is { } ensemble ? [.. ensemble.Members.Select((member, m) => new ServingMember(member.Name, member.Version, ensemble.Ballot.Weights[m]))] : [];

    private void Count(ServingRoster roster, PredictionBatch batch, in PredictionAnswer answer)
    {
        int count = batch.Count;
        if (count == 0) return;
        Interlocked.Add(ref _predictions, count);
        _latency.Record(answer.Elapsed);
        PlatformMeters.Predictions.Add(count);
        PlatformMeters.PredictionLatency.Record(answer.Elapsed.TotalSeconds / count);
        double sum = 0;
        int voted = 0, unscored = 0, unscoredByChallenger = 0;
        foreach (ref readonly PredictionResult result in batch.Results)
        {
            if (double.IsNaN(result.Score))
            {
                if (result.Challenged) unscoredByChallenger++;
                else unscored++;
            }
            if (double.IsNaN(result.Disagreement)) continue;
            sum += result.Disagreement;
            voted++;
        }
        if (voted > 0) Disagreement.Record(sum / voted);
        roster.Champion.Figures.CountErrors(ServingRoster.ChampionName, unscored);
        roster.Challenger?.Figures.CountErrors(ServingRoster.ChallengerName, unscoredByChallenger);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Why}")]
    private static partial void LogRefused(ILogger log, string why, Exception e);
}
