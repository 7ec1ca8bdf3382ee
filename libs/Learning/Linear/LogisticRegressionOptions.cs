namespace QuadTurbo.Learning.Linear;

/// <summary>How a logistic regression is fitted.</summary>
public sealed record LogisticRegressionOptions
{
    /// <summary>Weight of ½ Σ coefficient²; scikit-learn's 1 / C. Above 0: separable classes and constant columns have one answer too.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>Adds a column for each one with missing values: 1 where the value is missing, else 0.</summary>
    public bool MissingColumns { get; init; } = true;

    /// <summary>Newton steps, at most; ten or fewer are usual.</summary>
    public int MostSteps { get; init; } = 100;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    internal void Check()
    {
        if (!(L2 is > 0 and <= double.MaxValue)) throw new ArgumentOutOfRangeException(nameof(L2), L2, "above 0 and finite");
        ArgumentOutOfRangeException.ThrowIfLessThan(MostSteps, 1);
    }
}
