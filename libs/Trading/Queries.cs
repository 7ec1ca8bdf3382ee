using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading;

/// <summary>Every question that one service of the platform asks another, by who answers.</summary>
public static class Queries
{
    /// <summary>Registry: the highest ordinal that a version of the path has.</summary>
    public static Query<LastOrdinalQuestion, int> LastOrdinal { get; } = new("registry.last-ordinal");

    /// <summary>Inference: scores a batch of requests from outside; the results are written into the batch.</summary>
    public static Query<PredictionBatch, PredictionAnswer> ScorePredictions { get; } = new("predictions.score");

    /// <summary>Inference: what serves, and how it has done.</summary>
    public static Query<ServingQuestion, ServingStatus> Serving { get; } = new("predictions.serving");
}
