namespace QuadTurbo.Learning.Regimes;

/// <summary>How a hidden Markov model is fitted.</summary>
public sealed record HmmOptions
{
    /// <summary>Hidden states.</summary>
    public int States { get; init; } = 3;

    /// <summary>Fits from different starts, of which the likeliest is kept.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>Steps of one fit, at most.</summary>
    public int MostIterations { get; init; } = 200;

    /// <summary>A fit has converged when a step gains no more log-likelihood than this per row.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>No direction of a state has less variance than this, where a column has 1: no state shrinks onto one row.</summary>
    public double VarianceFloor { get; init; } = 0.01;

    /// <summary>Decides the starts.</summary>
    public long Seed { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(States, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(States, HmmModel.MostStates);
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostIterations, 1);
        if (!(Tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "at least 0");
        if (!(VarianceFloor is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(VarianceFloor), VarianceFloor, "above 0 and at most 1");
    }
}
