using QuadTurbo.Learning.Online;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring;

/// <summary>A frozen online learner; a missing feature has a weight of its own, so every row has a score.</summary>
public sealed class FtrlHead : ModelHead
{
    /// <summary>A head that scores as <paramref name="model"/> does.</summary>
    /// <param name="model">From <see cref="FtrlModel.Freeze"/>.</param>
    /// <param name="samples">Labelled samples that it was fitted to.</param>
    /// <exception cref="ArgumentException">The model reads another number of features than the schema has.</exception>
    public FtrlHead(BinnedLogistic model, long samples) : base(samples)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Count != FeatureSchema.Count)
            throw new ArgumentException($"the model reads {model.Count} features, schema {FeatureSchema.Version} has {FeatureSchema.Count}", nameof(model));
        Model = model;
    }

    /// <summary>The learner as it was frozen.</summary>
    public BinnedLogistic Model { get; }

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> features) => Model.Predict(features);
}
