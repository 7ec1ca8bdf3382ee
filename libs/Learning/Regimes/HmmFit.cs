namespace QuadTurbo.Learning.Regimes;

/// <summary>A fitted hidden Markov model and how it came about.</summary>
/// <param name="Model">The likeliest of the restarts.</param>
/// <param name="LogLikelihoods">Of its start and after each step; it never falls. The last is that of the model.</param>
/// <param name="Converged">False when the steps ran out first.</param>
/// <param name="Restart">Which restart it was, from 0.</param>
public sealed record HmmFit(HmmModel Model, IReadOnlyList<double> LogLikelihoods, bool Converged, int Restart)
{
    /// <summary>Of the rows it was fitted on, as <see cref="HmmModel.LogLikelihood"/> gives it.</summary>
    public double LogLikelihood => LogLikelihoods[^1];
}
