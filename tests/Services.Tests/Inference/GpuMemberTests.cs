using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Services.Tests.Inference;

/// <summary>The choice between CPU and GPU [GPU-01, C19].</summary>
public sealed class GpuMemberTests
{
    private static readonly int[] Sizes = [1, 16, 64, 256];

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 5.0, 5, 5, 5 }, 0)]   // never faster
    [InlineData(new[] { 1.0, 2, 6, 9 }, new[] { 5.0, 5, 5, 5 }, 64)]
    [InlineData(new[] { 1.0, 6, 4, 9 }, new[] { 5.0, 5, 5, 5 }, 256)] // faster once in between does not count
    [InlineData(new[] { 9.0, 9, 9, 9 }, new[] { 5.0, 5, 5, 5 }, 1)]
    [InlineData(new[] { 5.0, 5, 5, 5 }, new[] { 5.0, 5, 5, 5 }, 0)]   // as fast is not faster
    public void A_gpu_scores_from_the_size_on_that_it_is_always_faster_at(double[] cpu, double[] gpu, int from) =>
        Assert.Equal(from, GpuMember.BreakEven(Sizes, cpu, gpu));

    [Fact]
    public void A_small_batch_never_goes_to_the_gpu_and_a_large_one_only_when_it_is_asked_for()
    {
        RequestScorer scorer = WithMember(from: 64);
        using PredictionBatch small = Batch(63), large = Batch(64);

        Assert.Same(scorer.Names, scorer.Score(small).Scorer);
        Assert.NotSame(scorer.Names, scorer.Score(large).Scorer);
        large.UseGpu = false;
        Assert.Same(scorer.Names, scorer.Score(large).Scorer);
        Assert.Equal(64, scorer.Names.GpuFrom);
    }

    [Fact]
    public void Scores_in_large_runs_agree_with_those_in_small_ones()
    {
        ModelPackage package = Packages.TreesAndNetwork(3, calibrated: false);
        using PredictionBatch cpu = Batch(OnnxBatches.MostRows + 1_000), gpu = Batch(OnnxBatches.MostRows + 1_000);

        new RequestScorer(package).Score(cpu);
        WithMember(from: 1).Score(gpu);

        for (int i = 0; i < cpu.Count; i++)
        {
            Assert.Equal(cpu.Results[i].Score, gpu.Results[i].Score, 1e-6);
            Assert.True(gpu.Results[i] is { OnnxScored: true, TreesScored: true });
        }
        Assert.True(cpu.Results.ToArray().Select(r => r.Score).Distinct().Count() > 100);
    }

    [Fact]
    public void Where_no_gpu_works_none_is_found_whatever_the_library_was_built_for()
    {
        var head = (OnnxHead)((EnsembleHead)Packages.TreesAndNetwork(3).CrossVenue).Members[1].Head;

        IReadOnlyList<OnnxProvider> usable = OnnxEnvironment.Shared.Usable;

        Assert.Equal(usable.Select(OnnxProviders.NameOf), Packages.NewModel().Status().Providers);
        Assert.Equal(OnnxProvider.Cpu, usable[^1]);
        if (usable.Count == 1) Assert.Null(GpuMember.Find(head));
    }

    // The member of a GPU on this machine's processor: the same runs, another device.
    private static RequestScorer WithMember(int from) => new(Packages.TreesAndNetwork(3, calibrated: false), head => new GpuMember(new OnnxBatches(head, OnnxProvider.TensorRt), from));

    private static PredictionBatch Batch(int count)
    {
        PredictionInput[] requests = [.. FieldProbe.Requests()];
        var batch = new PredictionBatch(count) { UseGpu = true };
        for (int i = 0; i < count; i++) batch.Add() = requests[i % requests.Length];
        return batch;
    }
}
