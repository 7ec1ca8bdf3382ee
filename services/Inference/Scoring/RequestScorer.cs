using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Scoring;

/// <summary>Scores requests by one package: the head that gaps between venues have on the path, so the same row has the same bits in both. Immutable.</summary>
internal sealed class RequestScorer
{
    /// <summary>The provider of the compiled trees and of ONNX Runtime without a GPU.</summary>
    public const string Cpu = "CPUExecutionProvider";

    // A block's rows (16 KiB) stay in the first cache from the fields to the votes.
    private const int BlockRows = 128;
    private readonly ModelHead _head;
    private readonly EnsembleHead? _ensemble;
    private readonly int _trees, _onnx;
    private readonly Lazy<IReadOnlyList<string>> _unused;
    private readonly GpuMember? _gpu;
    private readonly ScorerNames? _gpuNames;

    /// <summary>The scorer of <paramref name="package"/>; measures whether a GPU is faster where there is one.</summary>
    /// <exception cref="InvalidOperationException">It is no meta-label package.</exception>
    public RequestScorer(ModelPackage package) : this(package, GpuMember.Find)
    {
    }

    /// <summary>The scorer of <paramref name="package"/>, with what <paramref name="find"/> finds for its ONNX member.</summary>
    internal RequestScorer(ModelPackage package, Func<OnnxHead, GpuMember?> find)
    {
        Package = package;
        _head = package.CrossVenue;
        _ensemble = _head as EnsembleHead;
        (_trees, _onnx) = _ensemble is null ? (0, -1) : (IndexOf(_ensemble, EnsembleHead.Trees), IndexOf(_ensemble, EnsembleHead.Network));
        _gpu = _onnx >= 0 && _ensemble!.Members[_onnx].Head is OnnxHead network ? find(network) : null;
        Names = new ScorerNames(
            package.Ref,
            Trees: _ensemble is null ? package.Ref.Label : VersionOf(_ensemble, _trees),
            Onnx: _ensemble is null ? ScorerNames.StandIn : VersionOf(_ensemble, _onnx),
            ModelPackage.CrossVenuePart,
            Cpu,
            _gpu?.From ?? 0);
        _gpuNames = _gpu is null ? null : Names with { Provider = _gpu.Provider };
        _unused = new Lazy<IReadOnlyList<string>>(() => FieldProbe.Unused(this));
    }

    /// <summary>What it was made from.</summary>
    public ModelPackage Package { get; }

    /// <summary>What it is called in answers when the CPU scored.</summary>
    public ScorerNames Names { get; }

    /// <summary>The voices of an ensemble; null for a model that has none.</summary>
    public EnsembleHead? Ensemble => _ensemble;

    /// <summary>Fields of a request that never move the score; found out when they are first asked for.</summary>
    public IReadOnlyList<string> UnusedFields => _unused.Value;

    /// <summary>Scores every opportunity of <paramref name="batch"/> into its results. Allocates nothing once its buffers are pooled.</summary>
    public PredictionAnswer Score(PredictionBatch batch)
    {
        long started = Stopwatch.GetTimestamp();
        ScorerNames names = Score(batch.Inputs, batch.Results, batch.UseGpu);
        (uint missing, bool degraded) = Total(batch.Results);
        return new PredictionAnswer(names, Stopwatch.GetElapsedTime(started), missing, degraded);
    }

    /// <summary>Scores <paramref name="inputs"/> into <paramref name="results"/>, as the champion's. Allocates nothing once its buffers are pooled.</summary>
    /// <param name="inputs">[rows].</param>
    /// <param name="results">[rows], filled.</param>
    /// <param name="useGpu">Whether a GPU may score, if there is one and it is faster for so many.</param>
    /// <returns>Who scored, with the provider.</returns>
    public ScorerNames Score(ReadOnlySpan<PredictionInput> inputs, Span<PredictionResult> results, bool useGpu)
    {
        if (useGpu && _gpu is not null && inputs.Length >= _gpu.From)
        {
            try
            {
                Score(inputs, results, OnnxBatches.MostRows, _gpu);
                return _gpuNames!;
            }
            catch (OnnxException)
            {
                // The device is gone or full: the CPU scores, and the answer says so.
            }
        }
        Score(inputs, results, BlockRows, gpu: null);
        return Names;
    }

    private void Score(ReadOnlySpan<PredictionInput> inputs, Span<PredictionResult> results, int block, GpuMember? gpu)
    {
        block = Math.Min(block, Math.Max(inputs.Length, 1));
        int members = _ensemble?.Members.Count ?? 1;
        float[] rows = ArrayPool<float>.Shared.Rent(block * FeatureSchema.Count);
        double[] scores = ArrayPool<double>.Shared.Rent(block * members);
        try
        {
            for (int start = 0; start < inputs.Length; start += block)
            {
                int count = Math.Min(block, inputs.Length - start);
                ScoreBlock(
                    inputs.Slice(start, count), results.Slice(start, count), rows.AsSpan(0, count * FeatureSchema.Count), scores.AsSpan(0, count * members), gpu);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rows);
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    /// <summary>What a batch is missing and whether it is degraded: bits and truth of any of its rows.</summary>
    public static (uint Missing, bool Degraded) Total(ReadOnlySpan<PredictionResult> results)
    {
        uint missing = 0;
        bool degraded = false;
        foreach (ref readonly PredictionResult result in results)
        {
            missing |= result.Missing;
            degraded |= result.Degraded;
        }
        return (missing, degraded);
    }

    /// <summary>The score of one row of features, as a batch has it.</summary>
    public double ScoreRow(ReadOnlySpan<float> row) => _head.Score(row);

    private void ScoreBlock(ReadOnlySpan<PredictionInput> inputs, Span<PredictionResult> results, Span<float> rows, Span<double> scores, GpuMember? gpu)
    {
        for (int i = 0; i < inputs.Length; i++)
            results[i].Missing = RequestFeatures.Fill(in inputs[i], rows.Slice(i * FeatureSchema.Count, FeatureSchema.Count));
        if (_ensemble is null)
        {
            _head.Score(rows, scores);
            for (int i = 0; i < results.Length; i++) Put(ref results[i], new BallotResult(scores[i], double.NaN, double.IsNaN(scores[i])), !double.IsNaN(scores[i]), false);
            return;
        }
        int members = _ensemble.Members.Count;
        for (int m = 0; m < members; m++)
        {
            Span<double> of = scores.Slice(m * results.Length, results.Length);
            if (m == _onnx && gpu is not null) gpu.Score(rows, of);
            else _ensemble.Members[m].Head.Score(rows, of);
        }
        Span<double> votes = stackalloc double[members];
        for (int i = 0; i < results.Length; i++)
        {
            for (int m = 0; m < members; m++) votes[m] = scores[m * results.Length + i];
            BallotResult vote = _ensemble.Ballot.Count(votes);
            if (members < 2) vote = vote with { Disagreement = double.NaN };
            Put(ref results[i], vote, Scored(votes, _trees), Scored(votes, _onnx));
        }
    }

    private static void Put(ref PredictionResult result, BallotResult vote, bool trees, bool onnx)
    {
        result.Score = vote.Score;
        result.Disagreement = vote.Disagreement;
        result.TreesScored = trees;
        result.OnnxScored = onnx;
        result.Challenged = false;
        result.Degraded = vote.Degraded || 2 * BitOperations.PopCount(result.Missing) > FeatureSchema.Count;
    }

    private static bool Scored(ReadOnlySpan<double> votes, int member) => member >= 0 && !double.IsNaN(votes[member]);

    private static int IndexOf(EnsembleHead ensemble, string name)
    {
        for (int m = 0; m < ensemble.Members.Count; m++)
            if (ensemble.Members[m].Name == name) return m;
        return -1;
    }

    private static string VersionOf(EnsembleHead ensemble, int member) => member < 0 ? ScorerNames.StandIn : ensemble.Members[member].Version;
}
