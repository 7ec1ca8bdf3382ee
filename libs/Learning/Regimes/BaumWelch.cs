using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Regimes;

/// <summary>Fits a hidden Markov model by expectation and maximisation.</summary>
/// <remarks>
/// Forward: filtered probabilities f_t, scaled to sum to 1, from log densities. Backward (Kim 1994):
/// s_t,i = f_t,i Σ_j A_ij s_t+1,j / (Σ_i f_t,i A_ij). Both are exact, and neither underflows. Then A, means and covariances are those weighted by s.
/// A covariance whose least eigenvalue is below the floor has its eigenvalues raised to the floor: the likeliest covariance
/// among those that respect it, so that no step lowers the likelihood.
/// The start probabilities are uniform and not learnt: one sequence says nothing of them.
/// Sources: Baum, Petrie, Soules and Weiss 1970; Rabiner 1989; Kim 1994, "Dynamic linear models with Markov-switching".
/// </remarks>
public static class BaumWelch
{
    /// <summary>The likeliest model found from <see cref="HmmOptions.Restarts"/> starts: same rows, options and seed, same bits.</summary>
    /// <param name="rows">[n, columns], row-major, in order of time. A row with a NaN is missing; a constant column says nothing.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="options">null means the defaults.</param>
    /// <exception cref="ArgumentException">The length does not fit, a value is infinite, or complete rows are fewer than states.</exception>
    public static HmmFit Fit(ReadOnlySpan<double> rows, int columns, HmmOptions? options = null)
    {
        options ??= new HmmOptions();
        options.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, HmmModel.MostColumns);
        var sequence = HmmSequence.Of(rows, columns);
        if (sequence.Complete.Length < options.States)
            throw new ArgumentException($"{sequence.Complete.Length} complete rows for {options.States} states", nameof(rows));
        HmmFit? best = null;
        for (int restart = 0; restart < options.Restarts; restart++)
        {
            HmmFit fit = Climb(sequence, options, restart);
            if (best is null || fit.LogLikelihood > best.LogLikelihood) best = fit;
        }
        return best!;
    }

    private static HmmFit Climb(HmmSequence sequence, HmmOptions options, int restart)
    {
        SplitMix64 random = SplitMix64.Stream(options.Seed, $"hmm restart {restart}");
        var step = new HmmStep(sequence, options);
        HmmModel model = step.Start(ref random);
        var history = new List<double> { step.Expect(model) };
        bool converged = false;
        while (!converged && history.Count <= options.MostIterations)
        {
            model = step.Maximise(model);
            history.Add(step.Expect(model));
            converged = history[^1] - history[^2] <= options.Tolerance * sequence.Complete.Length;
        }
        return new HmmFit(model, history, converged, restart);
    }
}
