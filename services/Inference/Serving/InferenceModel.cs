using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Serving;

/// <summary>The model that scores requests from outside: the labelled baseline v0.1.0 until another one is assigned.</summary>
/// <remarks>A swap is one reference: a batch is scored by one model, and no request waits or fails. A model that does not pass its warm-up never serves.</remarks>
internal sealed partial class InferenceModel(TimeProvider clock, ILogger<InferenceModel> log)
{
    private static readonly Histogram<double> Disagreement = Meters.Shared.CreateHistogram(
        "quadturbo_ensemble_disagreement", "1", "Largest less smallest score of the members, mean of a batch.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1] });

    private static readonly Counter<long> RefusedModels = Meters.Shared.CreateCounter<long>("quadturbo_inference_models_refused_total", null, "Models assigned that did not pass their self-test.");
    private readonly LatencyHistogram _latency = new();
    private volatile Serving _serving = new(new RequestScorer(ModelPackage.Baseline), "nothing else was assigned yet", clock.GetUtcNow().UtcDateTime);
    private volatile string? _lastRefusal;
    private long _requests, _predictions, _errors, _refused;

    /// <summary>The health of serving: degraded while the model that was assigned last is refused.</summary>
    public HealthReading Health => _lastRefusal is { } why ? HealthReading.Degraded(why) : HealthReading.Healthy;

    /// <summary>From the next batch on <paramref name="assigned"/> scores, if it passes its self-test; else the model before it stays, and that is counted.</summary>
    public void Assign(ModelAssigned assigned)
    {
        if (assigned.Model.Id == _serving.Scorer.Names.Model.Id) return;
        try
        {
            var scorer = new RequestScorer(ModelPackage.Load(assigned.Package, assigned.Model));
            WarmUp.Run(scorer);
            _serving = new Serving(scorer, assigned.Why, clock.GetUtcNow().UtcDateTime);
            _lastRefusal = null;
        }
        catch (Exception e) when (e is ModelRefusedException or InvalidOperationException)
        {
            Interlocked.Increment(ref _refused);
            RefusedModels.Add(1);
            _lastRefusal = $"{assigned.Model} is refused, {_serving.Scorer.Names.Model} serves on: {e.Message}";
            LogRefused(log, _lastRefusal, e);
        }
    }

    /// <summary>Scores <paramref name="batch"/> by the model in force.</summary>
    public PredictionAnswer Score(PredictionBatch batch)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            PredictionAnswer answer = _serving.Scorer.Score(batch);
            Count(batch, answer);
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
        (RequestScorer scorer, string why, DateTime since) = _serving;
        return new ServingStatus
        {
            Model = scorer.Names.Model,
            Kind = scorer.Package.Manifest.Kind,
            Samples = scorer.Package.Manifest.Samples,
            Why = why,
            Since = since,
            Voting = scorer.Ensemble is { } ensemble ? ensemble.Ballot.Strategy.ToString().ToLowerInvariant() : "",
            Members = scorer.Ensemble is { } voices ? Members(voices) : [],
            Scope = scorer.Names.Scope,
            Provider = scorer.Names.Provider,
            Providers = [RequestScorer.Cpu],
            Fields = RequestFeatures.ByField,
            UnusedFields = scorer.UnusedFields,
            Requests = Interlocked.Read(ref _requests),
            Predictions = Interlocked.Read(ref _predictions),
            Errors = Interlocked.Read(ref _errors),
            Refused = Interlocked.Read(ref _refused),
            Latency = (_latency.Quantile(0.5), _latency.Quantile(0.95), _latency.Quantile(0.99)),
        };
    }

    private static ServingMember[] Members(EnsembleHead ensemble) =>
        [.. ensemble.Members.Select((member, m) => new ServingMember(member.Name, member.Version, ensemble.Ballot.Weights[m]))];

    private void Count(PredictionBatch batch, in PredictionAnswer answer)
    {
        int count = batch.Count;
        if (count == 0) return;
        Interlocked.Add(ref _predictions, count);
        _latency.Record(answer.Elapsed);
        PlatformMeters.Predictions.Add(count);
        PlatformMeters.PredictionLatency.Record(answer.Elapsed.TotalSeconds / count);
        double sum = 0;
        int voted = 0;
        foreach (ref readonly PredictionResult result in batch.Results)
        {
            if (double.IsNaN(result.Disagreement)) continue;
            sum += result.Disagreement;
            voted++;
        }
        if (voted > 0) Disagreement.Record(sum / voted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Why}")]
    private static partial void LogRefused(ILogger log, string why, Exception e);

    private sealed record Serving(RequestScorer Scorer, string Why, DateTime Since);
}
