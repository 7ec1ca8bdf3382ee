namespace QuadTurbo.Learning.Boosting;

/// <summary>How trees are boosted. Notation of Chen and Guestrin 2016: G and H are sums of first and second derivatives over a node.</summary>
/// <remarks>
/// T(G) = sign(G) · max(|G| − alpha, 0); leaf w = −T(G) / (H + lambda), its value in the tree eta · w;
/// gain = ½ [T(G_L)² / (H_L + lambda) + T(G_R)² / (H_R + lambda) − T(G)² / (H + lambda)], split where gain &gt; gamma.
/// </remarks>
public sealed record BoostingOptions
{
    private const double Least = 1e-6;

    /// <summary>What is minimised.</summary>
    public Objective Objective { get; init; } = Objective.Logistic;

    /// <summary>Trees to add, 1 .. 100,000.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Longest path from root to leaf, 1 .. 6: what the scoring kernels hold.</summary>
    public int MaxDepth { get; init; } = 6;

    /// <summary>Leaves of a tree, 2 .. 64.</summary>
    public int MaxLeaves { get; init; } = 64;

    /// <summary>Which leaf is split next.</summary>
    public Growth Growth { get; init; } = Growth.LeafWise;

    /// <summary>Learning rate, 1e-6 .. 1.</summary>
    public double Eta { get; init; } = 0.1;

    /// <summary>L2 penalty of a leaf.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>L1 penalty of a leaf.</summary>
    public double Alpha { get; init; }

    /// <summary>Gain that a split must exceed.</summary>
    public double Gamma { get; init; }

    /// <summary>Least H of a child.</summary>
    public double MinChildWeight { get; init; } = 1;

    /// <summary>Least rows of a child, sampled ones of positive weight; doubles the work where <see cref="MinChildWeight"/> does not imply it.</summary>
    public int MinLeafRows { get; init; } = 1;

    /// <summary>Largest |w| of a leaf, before eta; 0 for no limit.</summary>
    public double MaxDelta { get; init; }

    /// <summary>Bins of a feature, the one for missing values included, 3 .. 255.</summary>
    public int MaxBins { get; init; } = 255;

    /// <summary>Share of the rows that a tree sees, 1e-6 .. 1: each row by a coin of its own.</summary>
    public double RowSampling { get; init; } = 1;

    /// <summary>Share of the features that a tree sees, 1e-6 .. 1, rounded up.</summary>
    public double ColumnSampling { get; init; } = 1;

    /// <summary>Seed of both samplings.</summary>
    public long Seed { get; init; }

    /// <summary>For each feature 1 if the margin may not fall as it grows, −1 if it may not rise, 0 if either; empty for none. Not for pinball.</summary>
    public IReadOnlyList<int> Monotone { get; init; } = [];

    /// <summary>Rounds without a better validation loss after which to stop; 0 to keep every round.</summary>
    public int Patience { get; init; }

    /// <summary>The quantile that <see cref="Objective.Pinball"/> estimates, 1e-6 .. 1 − 1e-6.</summary>
    public double Quantile { get; init; } = 0.5;

    /// <summary>Whether the report has the loss on the training rows: a pass with a logarithm per row and round.</summary>
    public bool ReportTrainLoss { get; init; }

    /// <summary>1 or 2; the trees are the same.</summary>
    public int Threads { get; init; } = 1;

    /// <exception cref="ArgumentException">A setting is outside its range; the message has its name, its value and the limit.</exception>
    internal void Check(int features)
    {
        if (!Enum.IsDefined(Objective)) throw new ArgumentException($"{nameof(Objective)} {(int)Objective} is not known");
        if (!Enum.IsDefined(Growth)) throw new ArgumentException($"{nameof(Growth)} {(int)Growth} is not known");
        Within(Rounds, 1, 100_000, nameof(Rounds));
        Within(MaxDepth, 1, 6, nameof(MaxDepth));
        Within(MaxLeaves, 2, 64, nameof(MaxLeaves));
        Within(Eta, Least, 1, nameof(Eta));
        Within(Lambda, 0, double.MaxValue, nameof(Lambda));
        Within(Alpha, 0, double.MaxValue, nameof(Alpha));
        Within(Gamma, 0, double.MaxValue, nameof(Gamma));
        Within(MinChildWeight, 0, double.MaxValue, nameof(MinChildWeight));
        Within(MinLeafRows, 1, int.MaxValue, nameof(MinLeafRows));
        Within(MaxDelta, 0, double.MaxValue, nameof(MaxDelta));
        Within(MaxBins, 3, 255, nameof(MaxBins));
        Within(RowSampling, Least, 1, nameof(RowSampling));
        Within(ColumnSampling, Least, 1, nameof(ColumnSampling));
        Within(Patience, 0, int.MaxValue, nameof(Patience));
        Within(Threads, 1, 2, nameof(Threads));
        Within(Quantile, Least, 1 - Least, nameof(Quantile));
        CheckMonotone(features);
    }

    private void CheckMonotone(int features)
    {
        if (Monotone.Count == 0) return;
        if (Objective == Objective.Pinball) throw new ArgumentException($"{nameof(Monotone)}: leaves of the pinball loss are quantiles, which no bound was made for");
        if (Monotone.Count != features) throw new ArgumentException($"{nameof(Monotone)}: {Monotone.Count} constraints for {features} features");
        for (int f = 0; f < features; f++) Within(Monotone[f], -1, 1, $"{nameof(Monotone)}[{f}]");
    }

    private static void Within(double value, double lowest, double highest, string name)
    {
        if (value >= lowest && value <= highest) return;
        string range = highest is double.MaxValue or int.MaxValue ? $"at least {lowest} and finite" : $"{lowest} .. {highest}";
        throw new ArgumentOutOfRangeException(name, value, range);
    }
}
