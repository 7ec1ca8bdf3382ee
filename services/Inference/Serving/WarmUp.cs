using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Serving;

/// <summary>The self-test of a model before it serves; afterwards its code is compiled and its tables are in the caches.</summary>
internal static class WarmUp
{
    // An ONNX member may add in another order in a batch than alone.
    private const double Tolerance = 1e-6;

    /// <summary>Scores the spread of requests in batches and alone.</summary>
    /// <exception cref="ModelRefusedException">A score is outside 0 to 1, or is another one in a batch than alone.</exception>
    public static void Run(RequestScorer scorer)
    {
        using var batch = new PredictionBatch(512);
        foreach (PredictionInput request in FieldProbe.Requests()) batch.Add() = request;
        scorer.Score(batch);
        Span<float> row = stackalloc float[FeatureSchema.Count];
        for (int i = 0; i < batch.Count; i++)
        {
            RequestFeatures.Fill(batch.Inputs[i], row);
            double alone = scorer.ScoreRow(row), together = batch.Results[i].Score;
            if (double.IsNaN(alone) && double.IsNaN(together)) continue;
            if (!(together is >= 0 and <= 1)) throw new ModelRefusedException($"score of warm-up row {i}", "from 0 to 1", $"{together:R}");
            if (!(Math.Abs(alone - together) <= Tolerance)) throw new ModelRefusedException($"score of warm-up row {i} in a batch", $"{alone:R}, as alone", $"{together:R}");
        }
    }
}
