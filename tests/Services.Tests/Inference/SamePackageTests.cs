using QuadTurbo.Inference.Scoring;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.PreValidator.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Services.Tests.Inference;

/// <summary>PreValidator and Inference load a package by its sha256.</summary>
public sealed class SamePackageTests
{
    [Fact]
    public void Ten_thousand_rows_have_the_same_bits_one_by_one_on_the_path_and_in_batches_of_requests()
    {
        ModelAssigned assigned = Packages.Assigned(Packages.TreesAndNetwork(7));
        var path = new ServingModel();
        path.Assign(assigned);
        var requests = new RequestScorer(ModelPackage.Load(assigned.Package, assigned.Model));
        using PredictionBatch batch = Requests(10_000);

        requests.Score(batch);

        Assert.Equal(requests.Package.Ref.Id, path.Current.Champion.Ref.Id);
        var distinct = new HashSet<double>();
        Span<float> row = stackalloc float[FeatureSchema.Count];
        for (int i = 0; i < batch.Count; i++)
        {
            RequestFeatures.Fill(batch.Inputs[i], row);
            FeatureVector features = default;
            row.CopyTo(features);
            double alone = path.Current.For((ulong)i).Score(features, OpportunityKind.CrossVenue), together = batch.Results[i].Score;
            Assert.True(BitConverter.DoubleToInt64Bits(alone) == BitConverter.DoubleToInt64Bits(together), $"row {i}: {alone:R} on the path, {together:R} in a batch");
            distinct.Add(together);
        }
        Assert.True(distinct.Count > 5_000, $"only {distinct.Count} different scores");
    }

    private static PredictionBatch Requests(int count)
    {
        var random = SplitMix64.Stream(5, "requests");
        var batch = new PredictionBatch(count);
        for (int i = 0; i < count; i++)
        {
            double edge = 30 * random.NextNormal();
            batch.Add() = new PredictionInput
            {
                InputAmount = 1_000,
                ExpectedOutput = 1_000 + edge / 10,
                ProfitUsd = edge / 10 - random.NextDouble(),
                Confidence = random.NextDouble(),
                Timestamp = i % 3 == 0 ? double.NaN : 86_400 * random.NextDouble(),
                Shape = (RouteShape)random.NextInt(4),
            };
        }
        return batch;
    }
}
