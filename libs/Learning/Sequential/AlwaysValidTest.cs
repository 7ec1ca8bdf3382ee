using QuadTurbo.Learning.Metrics;

namespace QuadTurbo.Learning.Sequential;

/// <summary>A test of "the effect is 0" that may be read after every sample, and stopped whenever one likes.</summary>
/// <remarks>
/// Normal mixture (Robbins 1970; Johari, Koomen, Pekelis and Walsh 2017, eq. 9). With the estimate d of squared standard error v,
/// ln Λ = ln(v / (v + τ²)) / 2 + τ² d² / (2 v (v + τ²)); p = least 1 / Λ so far. Under "no effect" the chance that p ever falls to α is at most α,
/// as far as d is normal and v known: v is estimated, so nothing is said before <see cref="SequentialOptions.Start"/> samples.
/// The samples must be independent: add up what belongs to one block or minute first (<see cref="ClusterTotals"/>).
/// Without any variance nothing is concluded. Not thread-safe.
/// </remarks>
public abstract class AlwaysValidTest
{
    private protected AlwaysValidTest(SequentialOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
    }

    /// <summary>How it weighs effects, and when it speaks.</summary>
    public SequentialOptions Options { get; }

    /// <summary>The estimated effect; NaN before there is one.</summary>
    public abstract double Estimate { get; }

    /// <summary>Least 1 / Λ so far, at most 1.</summary>
    public double PValue { get; private protected set; } = 1;

    /// <summary>True once and for all when <see cref="PValue"/> has reached α.</summary>
    public bool Rejects => PValue <= Options.Alpha;

    /// <summary>ln Λ now; 0 before it may speak.</summary>
    public double LogLambda
    {
        get
        {
            double v = SquaredError, d = Estimate, tau2 = Options.Tau * Options.Tau;
            return Speaks ? (Math.Log(v / (v + tau2)) + tau2 * d * d / (v * (v + tau2))) / 2 : 0;
        }
    }

    /// <summary>The effects that the samples so far do not rule out: all of these intervals hold the true one with confidence 1 − α.</summary>
    /// <remarks>d ± √(v (v + τ²) / τ² × (2 ln(1 / α) + ln((v + τ²) / v))): where Λ around another effect reaches 1 / α.</remarks>
    public Interval Interval
    {
        get
        {
            double v = SquaredError, tau2 = Options.Tau * Options.Tau;
            if (!Speaks) return new Interval(Estimate, double.NegativeInfinity, double.PositiveInfinity);
            double half = Math.Sqrt(v * (v + tau2) / tau2 * (2 * Math.Log(1 / Options.Alpha) + Math.Log((v + tau2) / v)));
            return new Interval(Estimate, Estimate - half, Estimate + half);
        }
    }

    /// <summary>v: the squared standard error of <see cref="Estimate"/>.</summary>
    private protected abstract double SquaredError { get; }

    /// <summary>Whether enough was seen.</summary>
    private protected abstract bool Started { get; }

    private bool Speaks => Started && SquaredError > 0;

    private protected void Look() => PValue = Math.Min(PValue, Math.Exp(-LogLambda));

    private protected static double Finite(double value, string what) =>
        double.IsFinite(value) ? value : throw new ArgumentException($"a {what} of {value}: only finite numbers");
}
