namespace QuadTurbo.Learning.Search;

/// <summary>How a search proposes and gives up.</summary>
/// <remarks>Source: Bergstra et al. 2011 and 2013; the numbers are those of Optuna's sampler.</remarks>
public sealed record SearchOptions
{
    /// <summary>Decides every draw.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>First trials, spread over the space as a Latin hypercube.</summary>
    public int Startup { get; init; } = 10;

    /// <summary>Points drawn for a proposal, of which the most promising is taken.</summary>
    public int Draws { get; init; } = 24;

    /// <summary>From this many trials on the parameters are drawn together, before that each for itself.</summary>
    public int Joint { get; init; } = 30;

    /// <summary>Folds of each trial.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Folds that a trial runs before it can be pruned.</summary>
    public int PruneAfter { get; init; } = 2;

    /// <summary>Trials that must have run all folds before one can be pruned.</summary>
    public int PruneStartup { get; init; } = 5;

    /// <summary>What a standard deviation of the folds' losses costs, in losses: a steady point is better than a lucky one.</summary>
    public double DeviationCost { get; init; } = 0.1;

    /// <summary>Points that are tried first, such as those in use now; they count as first trials.</summary>
    public IReadOnlyList<IReadOnlyList<double>> First { get; init; } = [];

    /// <exception cref="ArgumentException">An option is outside its range, or a first point outside the space.</exception>
    internal void Check(SearchSpace space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Startup, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Joint, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(Folds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PruneAfter, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PruneStartup, 1);
        RefuseBelowZero(DeviationCost, nameof(DeviationCost));
        foreach (IReadOnlyList<double> point in First) space.Check(point);
    }

    private static void RefuseBelowZero(double value, string name)
    {
        if (!(value is >= 0 and <= double.MaxValue)) throw new ArgumentOutOfRangeException(name, value, "at least 0 and finite");
    }
}
