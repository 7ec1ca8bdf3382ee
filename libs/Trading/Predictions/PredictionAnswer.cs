using QuadTurbo.Trading.Models;

namespace QuadTurbo.Trading.Predictions;

/// <summary>Who scored a batch, and how long that took; the scores themselves are in <see cref="PredictionBatch.Results"/>.</summary>
/// <param name="Scorer">The champion and its members; one object for as long as the model serves.</param>
/// <param name="Elapsed">From the request's fields to the votes.</param>
/// <param name="Missing">Bit i is set when feature i of the schema was not known of at least one opportunity.</param>
/// <param name="Degraded">True when at least one result is.</param>
/// <param name="Challenger">The challenger, when it judged at least one opportunity; else null.</param>
public readonly record struct PredictionAnswer(ScorerNames Scorer, TimeSpan Elapsed, uint Missing, bool Degraded, ScorerNames? Challenger = null);

/// <summary>What a scoring model is called, for answers.</summary>
/// <param name="Model">Identity, label and ordinal.</param>
/// <param name="Trees">Label of the member of boosted trees, or of its stand-in.</param>
/// <param name="Onnx">Label of the member that ONNX Runtime runs, or of its stand-in.</param>
/// <param name="Scope">The part of the model that scores: <c>cross_venue</c>.</param>
/// <param name="Provider">What runs it: <c>CPUExecutionProvider</c>.</param>
/// <param name="GpuFrom">Fewest opportunities of a batch that a GPU would score faster; 0 for never.</param>
public sealed record ScorerNames(ModelRef Model, string Trees, string Onnx, string Scope, string Provider, int GpuFrom = 0)
{
    /// <summary>The label that stands for a member that did not score.</summary>
    public const string StandIn = "v0.1.0";
}
