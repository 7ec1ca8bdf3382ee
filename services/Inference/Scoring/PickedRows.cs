using System.Buffers;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Scoring;

/// <summary>Scores some rows of a request and leaves the others as they are.</summary>
internal static class PickedRows
{
    /// <summary>Scores <paramref name="inputs"/>[i] into <paramref name="results"/>[i] for every i of <paramref name="at"/>. Allocates nothing once its buffers are pooled.</summary>
    /// <returns>Who scored, with the provider.</returns>
    public static ScorerNames Score(RequestScorer scorer, ReadOnlySpan<PredictionInput> inputs, ReadOnlySpan<int> at, Span<PredictionResult> results, bool useGpu)
    {
        PredictionInput[] picked = ArrayPool<PredictionInput>.Shared.Rent(Math.Max(at.Length, 1));
        PredictionResult[] scored = ArrayPool<PredictionResult>.Shared.Rent(Math.Max(at.Length, 1));
        try
        {
            for (int i = 0; i < at.Length; i++) picked[i] = inputs[at[i]];
            ScorerNames names = scorer.Score(picked.AsSpan(0, at.Length), scored.AsSpan(0, at.Length), useGpu);
            for (int i = 0; i < at.Length; i++) results[at[i]] = scored[i];
            return names;
        }
        finally
        {
            ArrayPool<PredictionInput>.Shared.Return(picked);
            ArrayPool<PredictionResult>.Shared.Return(scored);
        }
    }
}
