namespace QuadTurbo.Learning.Drift;

/// <summary>When a difference is drift: what is measured how often, and how large it must be.</summary>
public sealed record DriftOptions
{
    /// <summary>Lengths of the sliding windows, samples: the short one is quick, the long one sees small shifts.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [100, 500];

    /// <summary>Samples between two checks.</summary>
    public int CheckEvery { get; init; } = 100;

    /// <summary>Rows of the reference that are kept, drawn at random from more.</summary>
    public int ReferenceRows { get; init; } = 10_000;

    /// <summary>Known values below which, on either side, a column is unknown rather than stable.</summary>
    public int MinKnown { get; init; } = 30;

    /// <summary>q of <see cref="BenjaminiHochberg"/> over the columns of one check.</summary>
    public double FalseDiscoveryRate { get; init; } = 0.01;

    /// <summary>PSI above which a difference matters.</summary>
    public double PsiEffect { get; init; } = 0.3;

    /// <summary>Normalised Wasserstein distance above which a difference matters, if it is also above the null quantile.</summary>
    public double WassersteinEffect { get; init; } = 0.1;

    /// <summary>Kolmogorov-Smirnov distance above which a difference matters.</summary>
    public double KsEffect { get; init; } = 0.15;

    /// <summary>Of the last <see cref="ChecksKept"/> checks, so many must have found drift.</summary>
    public int ChecksNeeded { get; init; } = 2;

    /// <summary>Checks that hysteresis looks back on.</summary>
    public int ChecksKept { get; init; } = 3;

    /// <summary>PSI from which a rejected column is at least <see cref="DriftSeverity.Warn"/>.</summary>
    public double WarnPsi { get; init; } = 0.1;

    /// <summary>PSI from which a rejected column is <see cref="DriftSeverity.Major"/>; another usage is 0.25.</summary>
    public double MajorPsi { get; init; } = 0.2;

    /// <summary>Resamples of the reference behind <see cref="ReferenceColumn.NullDistance"/>.</summary>
    public int Resamples { get; init; } = 2_000;

    /// <summary>Share of these resamples that a window must exceed.</summary>
    public double NullQuantile { get; init; } = 0.999;

    /// <summary>Throws unless the settings can be worked with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message names it.</exception>
    internal void Check()
    {
        if (Windows.Count == 0) throw new ArgumentOutOfRangeException(nameof(Windows), 0, "one window at least");
        foreach (int window in Windows) ArgumentOutOfRangeException.ThrowIfLessThan(window, 2, nameof(Windows));
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReferenceRows, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinKnown, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChecksNeeded, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ChecksNeeded, ChecksKept);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ChecksKept, 32);
        if (!(FalseDiscoveryRate > 0 && FalseDiscoveryRate < 1))
            throw new ArgumentOutOfRangeException(nameof(FalseDiscoveryRate), FalseDiscoveryRate, "between 0 and 1");
        if (!(NullQuantile > 0 && NullQuantile < 1)) throw new ArgumentOutOfRangeException(nameof(NullQuantile), NullQuantile, "between 0 and 1");
        if (!(PsiEffect >= 0 && WassersteinEffect >= 0 && KsEffect >= 0 && WarnPsi >= 0 && MajorPsi >= WarnPsi))
            throw new ArgumentOutOfRangeException(nameof(PsiEffect), "effects are 0 or more, and MajorPsi is at least WarnPsi");
    }
}
