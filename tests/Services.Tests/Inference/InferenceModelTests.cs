using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Inference.Serving;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Services.Tests.Inference;

public sealed class InferenceModelTests
{
    [Fact]
    public void The_baseline_serves_until_a_model_is_assigned()
    {
        var model = Packages.NewModel();
        Assert.Equal("v0.1.0", model.Status().Model.Label);

        model.Assign(Packages.Assigned(Packages.Ensemble()));

        ServingStatus status = model.Status();
        Assert.Equal("v1.4.0", status.Model.Label);
        Assert.Equal(["xgboost", "onnx"], status.Members.Select(m => m.Name));
        Assert.Equal("weighted", status.Voting);
        Assert.Equal(HealthReading.Healthy, model.Health);
        Assert.DoesNotContain("timestamp", status.UnusedFields);
    }

    [Fact]
    public void A_model_that_is_not_what_its_name_says_never_serves_and_the_one_before_it_stays()
    {
        var model = Packages.NewModel();
        model.Assign(Packages.Assigned(Packages.Ensemble()));
        ModelPackage other = Packages.Ensemble("v9.0.0");
        byte[] bytes = other.Bytes.ToArray();
        bytes[bytes.Length / 2] ^= 1;

        model.Assign(new ModelAssigned { Model = other.Ref, Package = bytes, Why = "" });

        Assert.Equal("v1.4.0", model.Status().Model.Label);
        Assert.Equal(1, model.Status().Refused);
        Assert.Equal(HealthState.Degraded, model.Health.State);

        model.Assign(Packages.Assigned(Packages.Ensemble("v9.1.0")));
        Assert.Equal(HealthState.Healthy, model.Health.State);
    }

    [Theory]
    [InlineData(VotingStrategy.Weighted)]
    [InlineData(VotingStrategy.Majority)]
    [InlineData(VotingStrategy.Unanimous)]
    public void A_score_has_the_bits_that_the_path_would_give_the_same_row(VotingStrategy strategy)
    {
        ModelPackage package = Packages.Ensemble(strategy: strategy);
        var path = new ModelSet(package);
        var scorer = new RequestScorer(package);
        using PredictionBatch batch = Spread();

        scorer.Score(batch);

        Span<float> row = stackalloc float[FeatureSchema.Count];
        for (int i = 0; i < batch.Count; i++)
        {
            RequestFeatures.Fill(batch.Inputs[i], row);
            FeatureVector features = default;
            row.CopyTo(features);
            Assert.Equal(path.Score(features, OpportunityKind.CrossVenue), batch.Results[i].Score);
        }
    }

    [Fact]
    public void Members_are_told_apart_and_their_disagreement_is_measured()
    {
        using PredictionBatch batch = Spread();
        ModelPackage package = Packages.Ensemble();
        var ensemble = (EnsembleHead)package.CrossVenue;

        PredictionAnswer answer = new RequestScorer(package).Score(batch);

        Span<float> row = stackalloc float[FeatureSchema.Count];
        for (int i = 0; i < batch.Count; i++)
        {
            RequestFeatures.Fill(batch.Inputs[i], row);
            double trees = ensemble.Members[0].Head.Score(row), network = ensemble.Members[1].Head.Score(row);
            Assert.True(batch.Results[i] is { TreesScored: true, OnnxScored: true });
            Assert.Equal(Math.Abs(trees - network), batch.Results[i].Disagreement, 1e-15);
        }
        Assert.True(answer.Degraded);
        Assert.Equal(("v1.2.0", "v1.3.0"), (answer.Scorer.Trees, answer.Scorer.Onnx));
    }

    [Fact]
    public void A_model_of_one_head_has_no_disagreement_and_a_stand_in_for_the_other_member()
    {
        using PredictionBatch batch = Spread();

        PredictionAnswer answer = new RequestScorer(ModelPackage.Baseline).Score(batch);

        foreach (PredictionResult result in batch.Results) Assert.True(double.IsNaN(result.Disagreement) && result is { TreesScored: true, OnnxScored: false });
        Assert.Equal(ScorerNames.StandIn, answer.Scorer.Onnx);
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        var model = Packages.NewModel();
        model.Assign(Packages.Assigned(Packages.Ensemble()));
        using PredictionBatch batch = Spread();
        for (int i = 0; i < 50; i++) model.Score(batch);

        Assert.Equal(0, Garbage.Of(() => model.Score(batch)));
    }

    [Fact]
    public void Quantiles_of_the_latency_are_within_seven_percent()
    {
        var histogram = new LatencyHistogram();
        Assert.True(double.IsNaN(histogram.Quantile(0.5)));
        for (int microseconds = 1; microseconds <= 1000; microseconds++) histogram.Record(TimeSpan.FromMicroseconds(microseconds));

        foreach (double quantile in new[] { 0.5, 0.95, 0.99, 1 })
            Assert.InRange(histogram.Quantile(quantile), quantile * 1e-3, quantile * 1.07e-3);
    }

    private static PredictionBatch Spread()
    {
        var batch = new PredictionBatch(500);
        foreach (PredictionInput input in FieldProbe.Requests()) batch.Add() = input;
        return batch;
    }
}
