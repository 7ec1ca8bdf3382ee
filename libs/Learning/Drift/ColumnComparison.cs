namespace QuadTurbo.Learning.Drift;

/// <summary>Compares one column with its reference, and judges the columns of one check together.</summary>
internal static class ColumnComparison
{
    /// <summary>The figures of a window, not yet judged.</summary>
    /// <param name="reference">The column as it was.</param>
    /// <param name="window">In order of arrival; NaN is missing.</param>
    /// <param name="sorted">Its known values, ascending.</param>
    /// <param name="options">Settings.</param>
    /// <param name="method">How the distance becomes a p-value.</param>
    /// <param name="tests">Custom tests.</param>
    public static ColumnDrift Measure(ReferenceColumn reference, ReadOnlySpan<double> window, ReadOnlySpan<double> sorted,
        DriftOptions options, KsMethod method, IReadOnlyList<KeyValuePair<string, DriftTest>> tests)
    {
        int n = reference.Values.Length, m = sorted.Length, missing = window.Length - m;
        KsResult ks = new(double.NaN, double.NaN, method);
        double area = double.NaN;
        if (n >= options.MinKnown && m >= options.MinKnown)
        {
            SampleDistance distance = reference.Measure(sorted, m <= 1024 ? stackalloc int[m] : new int[m]);
            ks = KolmogorovSmirnov.Result(distance.Steps, n, m, method);
            area = distance.Area;
        }
        return new ColumnDrift
        {
            Name = reference.Name,
            Window = window.Length,
            Known = m,
            MissingShare = (double)missing / window.Length,
            Psi = n + reference.Missing == 0 || window.IsEmpty ? double.NaN : reference.Psi(sorted, missing),
            KsD = ks.D,
            KsP = ks.PValue,
            W1 = area,
            W1Normalised = area / reference.Spread,
            P = Combine(ks.PValue, reference, window.Length, missing),
            Custom = Ask(tests, reference, window),
        };
    }

    /// <summary>Judges <paramref name="columns"/> in place: chance ruled out over all of them, and an effect that matters.</summary>
    public static void Judge(Span<ColumnDrift> columns, IReadOnlyList<ReferenceColumn> references, DriftOptions options)
    {
        var p = new double[columns.Length];
        for (int i = 0; i < p.Length; i++) p[i] = columns[i].P;
        bool[] rejected = BenjaminiHochberg.Reject(p, options.FalseDiscoveryRate);
        for (int i = 0; i < p.Length; i++)
        {
            ColumnDrift column = columns[i];
            bool custom = column.Custom.Any(c => c.IsDrift), drift = custom || rejected[i] && Matters(column, references[i], options);
            columns[i] = column with
            {
                Rejected = rejected[i],
                Verdict = drift ? DriftVerdict.Drift : double.IsNaN(column.KsP) ? DriftVerdict.Unknown : DriftVerdict.Stable,
                Severity = Grade(column, drift, rejected[i], options),
            };
        }
    }

    private static bool Matters(ColumnDrift column, ReferenceColumn reference, DriftOptions options) =>
        column.Psi > options.PsiEffect
        || column.KsD > options.KsEffect
        || column.W1Normalised > options.WassersteinEffect && column.W1Normalised > reference.NullDistance(column.Known);

    private static DriftSeverity Grade(ColumnDrift column, bool drift, bool rejected, DriftOptions options) =>
        rejected && column.Psi >= options.MajorPsi ? DriftSeverity.Major
        : drift || rejected && column.Psi >= options.WarnPsi ? DriftSeverity.Warn
        : DriftSeverity.None;

    // Values may move, or cease to come: two questions, so the smaller p-value counts twice (Bonferroni).
    private static double Combine(double ks, ReferenceColumn reference, int window, int missing)
    {
        if (reference.Missing + missing == 0 || window == 0 || reference.Values.Length + reference.Missing == 0) return ks;
        double share = FisherExact.PValue(reference.Missing, reference.Values.Length + reference.Missing, missing, window);
        return Math.Min(1, double.IsNaN(ks) ? share : 2 * Math.Min(ks, share));
    }

    private static CustomDrift[] Ask(IReadOnlyList<KeyValuePair<string, DriftTest>> tests, ReferenceColumn reference, ReadOnlySpan<double> window)
    {
        if (tests.Count == 0) return [];
        var answers = new CustomDrift[tests.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            (double statistic, bool isDrift) = tests[i].Value(reference, window);
            answers[i] = new CustomDrift(tests[i].Key, statistic, isDrift);
        }
        return answers;
    }
}
