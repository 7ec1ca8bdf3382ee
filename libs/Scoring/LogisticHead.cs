using QuadTurbo.Learning.Online;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring;

/// <summary>What a term does when its feature is missing.</summary>
public enum MissingRule
{
    /// <summary>The whole score is NaN.</summary>
    Unknown,

    /// <summary>The term is 0.</summary>
    Neutral,
}

/// <summary>weight × (feature − centre).</summary>
/// <param name="Feature">Name of a column of <see cref="FeatureSchema"/>.</param>
/// <param name="Centre">The value at which the term is 0, in the feature's unit.</param>
/// <param name="Weight">Log-odds per unit.</param>
/// <param name="Missing">What holds when the feature is not known.</param>
public sealed record LogisticTerm(string Feature, double Centre, double Weight, MissingRule Missing);

/// <summary>score = sigmoid(bias + Σ weight × (feature − centre)), in the order of the terms.</summary>
public sealed class LogisticHead : ModelHead
{
    private readonly (int Column, double Centre, double Weight, MissingRule Missing)[] _terms;

    /// <summary>A head of the given terms.</summary>
    /// <param name="bias">Log-odds when every term is 0.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="samples">Labelled samples that it was fitted to; 0 for a prior.</param>
    /// <exception cref="ArgumentException">A feature is not in the schema, or a number is not finite.</exception>
    public LogisticHead(double bias, IReadOnlyList<LogisticTerm> terms, long samples) : base(samples)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (!double.IsFinite(bias)) throw new ArgumentException($"the bias is {bias}", nameof(bias));
        foreach (LogisticTerm term in terms)
            if (!double.IsFinite(term.Centre + term.Weight)) throw new ArgumentException($"{term} is not finite", nameof(terms));
        Bias = bias;
        Terms = [.. terms];
        _terms = [.. terms.Select(t => (FeatureSchema.IndexOf(t.Feature), t.Centre, t.Weight, t.Missing))];
    }

    /// <summary>Log-odds when every term is 0.</summary>
    public double Bias { get; }

    /// <summary>Its terms.</summary>
    public IReadOnlyList<LogisticTerm> Terms { get; }

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> features)
    {
        double margin = Bias;
        foreach ((int column, double centre, double weight, MissingRule missing) in _terms)
        {
            float value = features[column];
            if (float.IsFinite(value)) margin += weight * (value - centre);
            else if (missing == MissingRule.Unknown) return double.NaN;
        }
        return Logistic.Sigmoid(margin);
    }
}
