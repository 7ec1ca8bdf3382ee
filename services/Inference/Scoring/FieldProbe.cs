using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Scoring;

/// <summary>Finds out which fields of a request move the score of a model: by asking it, over a grid of requests that differ in one field.</summary>
internal static class FieldProbe
{
    private static readonly double[] Edges = [-400, -60, -20, -5, 0, 2, 5, 10, 15, 20, 30, 60, 120, 400];
    private static readonly double[] Confidences = [0, 0.3, 0.5, 0.55, 0.6, 0.7, 0.8, 0.85, 0.9, 1];
    private const double Amount = 1000;
    private const double SecondsPerHour = 3600;

    /// <summary>A spread of requests: dollars and other tokens, edges from −400 to 400 bps, every confidence.</summary>
    public static IEnumerable<PredictionInput> Requests()
    {
        foreach (double edge in Edges)
        {
            foreach (double confidence in Confidences)
            {
                yield return Request(edge, edge, confidence, RouteShape.Closed | RouteShape.FromDollars);
                yield return Request(edge, edge - 15, confidence, RouteShape.Closed | RouteShape.FromDollars);
                yield return Request(edge, edge, confidence, RouteShape.Closed);
            }
        }
    }

    /// <summary>The fields that moved no score of <paramref name="scorer"/>, in the order of SERV-02.</summary>
    public static IReadOnlyList<string> Unused(RequestScorer scorer) =>
        [.. RequestFeatures.Fields.Where(f => f.Features.Count == 0 || !Moves(scorer, f.Field)).Select(f => f.Field)];

    private static bool Moves(RequestScorer scorer, string field)
    {
        PredictionInput[] requests = [.. Requests()];
        double[] before = Scores(scorer, requests);
        return Changes(field).Any(change =>
            !Scores(scorer, [.. requests.Select(change)]).AsSpan().SequenceEqual(before));
    }

    private static IEnumerable<Func<PredictionInput, PredictionInput>> Changes(string field) => field switch
    {
        "tokens" => Shapes().Select(shape => new Func<PredictionInput, PredictionInput>(r => r with { Shape = shape })),
        "input_amount" => Factors().Select(f => new Func<PredictionInput, PredictionInput>(r => r with { InputAmount = r.InputAmount * f })),
        "expected_output" => Factors().Select(f => new Func<PredictionInput, PredictionInput>(r => r with { ExpectedOutput = r.ExpectedOutput * f })),
        "profit_usd" => Edges.Select(e => new Func<PredictionInput, PredictionInput>(r => r with { ProfitUsd = e * Amount / 1e4 })),
        "confidence_score" => Confidences.Select(c => new Func<PredictionInput, PredictionInput>(r => r with { Confidence = c })),
        "timestamp" => Enumerable.Range(0, 24).Select(h => new Func<PredictionInput, PredictionInput>(r => r with { Timestamp = h * SecondsPerHour })),
        _ => throw new ArgumentException($"'{field}' is no field that feeds a feature", nameof(field)),
    };

    private static IEnumerable<RouteShape> Shapes() =>
        [RouteShape.Open, RouteShape.Closed, RouteShape.FromDollars, RouteShape.Closed | RouteShape.FromDollars];

    private static IEnumerable<double> Factors() => [0.96, 0.99, 0.998, 0.9995, 1.0005, 1.002, 1.01, 1.04];

    private static PredictionInput Request(double gross, double net, double confidence, RouteShape shape) => new()
    {
        InputAmount = Amount,
        ExpectedOutput = Amount * (1 + gross / 1e4),
        ProfitUsd = Amount * net / 1e4,
        Confidence = confidence,
        Timestamp = double.NaN,
        Shape = shape,
    };

    private static double[] Scores(RequestScorer scorer, ReadOnlySpan<PredictionInput> requests)
    {
        using var batch = new PredictionBatch(requests.Length);
        foreach (PredictionInput request in requests) batch.Add() = request;
        scorer.Score(batch);
        var scores = new double[requests.Length];
        for (int i = 0; i < scores.Length; i++) scores[i] = batch.Results[i].Score;
        return scores;
    }
}
