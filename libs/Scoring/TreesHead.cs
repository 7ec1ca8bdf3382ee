using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring.Trees;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring;

/// <summary>Boosted trees and, for a probability, the calibrator of their margin.</summary>
public sealed class TreesHead : ModelHead
{
    private const int BlockRows = 256;
    private readonly CompiledTrees _compiled;

    /// <summary>A head of the given trees.</summary>
    /// <param name="ensemble">Reads the columns of <see cref="FeatureSchema"/>.</param>
    /// <param name="calibrator">From margin to probability; null for a regression, whose margin is the answer.</param>
    /// <param name="samples">Labelled samples that it was fitted to.</param>
    /// <param name="confidence">From margin to the Venn-Abers interval of the rows that the calibrator was fitted to; null for none.</param>
    /// <exception cref="ArgumentException">The ensemble reads another number of features, or a classifier has no calibrator.</exception>
    public TreesHead(TreeEnsemble ensemble, Calibrator? calibrator, long samples, VennAbersTable? confidence = null) : base(samples)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        if (ensemble.Features != FeatureSchema.Count)
            throw new ArgumentException($"the trees read {ensemble.Features} features, schema {FeatureSchema.Version} has {FeatureSchema.Count}", nameof(ensemble));
        if (ensemble.Objective == Objective.Logistic != calibrator is not null)
            throw new ArgumentException($"{ensemble.Objective} trees {(calibrator is null ? "without" : "with")} a calibrator", nameof(calibrator));
        Ensemble = ensemble;
        Calibrator = calibrator;
        Confidence = confidence;
        _compiled = new CompiledTrees(ensemble);
    }

    /// <summary>The trees.</summary>
    public TreeEnsemble Ensemble { get; }

    /// <summary>From margin to probability; null for a regression.</summary>
    public Calibrator? Calibrator { get; }

    /// <summary>From margin to the Venn-Abers interval of the rows that the calibrator was fitted to; null where none was kept.</summary>
    public VennAbersTable? Confidence { get; }

    /// <summary>The head as an ONNX model: features [batch, 32] in, margin and probability out.</summary>
    public byte[] ToOnnx() => OnnxTrees.Write(Ensemble, Calibrator is null ? null : OnnxCalibrator.Of(Calibrator));

    /// <summary>The same trees with another calibrator.</summary>
    public TreesHead With(Calibrator calibrator) => new(Ensemble, calibrator, Samples, Confidence);

    /// <summary>The margin of one row in schema order, before any calibrator.</summary>
    public float Margin(ReadOnlySpan<float> features) => _compiled.Margin(features);

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> features) => ScoreOf(Margin(features));

    /// <inheritdoc/>
    public override ModelAnswer Answer(ReadOnlySpan<float> features)
    {
        float margin = Margin(features);
        double score = ScoreOf(margin);
        return new ModelAnswer(score, Trained ? score : double.NaN, Confidence?.At(margin).Confidence ?? double.NaN);
    }

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<float> rows, Span<double> scores)
    {
        CheckBatch(rows, scores);
        Span<float> margins = stackalloc float[BlockRows];
        for (int start = 0; start < scores.Length; start += BlockRows)
        {
            int count = Math.Min(BlockRows, scores.Length - start);
            _compiled.Margins(rows.Slice(start * FeatureSchema.Count, count * FeatureSchema.Count), margins[..count]);
            for (int i = 0; i < count; i++) scores[start + i] = ScoreOf(margins[i]);
        }
    }

    private double ScoreOf(float margin) => Calibrator is null ? margin : Calibrator.Apply(margin);
}
