using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Benchmarks;

/// <summary>Bar S3, calibration's part: isotonic regression and Platt's fit beside scikit-learn; and what applying one costs.</summary>
/// <remarks>
/// calibration [N …]: cpu milliseconds of a fit, ours and the peer's in turn on the same numbers, median of paired ratios [least greatest].
/// Margins are uniform on ±4, no two equal; labels follow them. "platt" is against _sigmoid_calibration, "logistic" the same fit of ours against
/// LogisticRegression.
/// </remarks>
internal static class CalibrationBench
{
    private const int Pairs = 11;

    public static void Run(string[] args)
    {
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}");
        using var peer = new Peer("calibration.py");
        foreach (int n in args.Length > 0 ? args.Select(int.Parse) : [10_000, 100_000])
        {
            (double[] margins, bool[] labels) = Draw(n);
            peer.Ask($"draw {n}");
            Check(peer, margins, labels);
            Compare(peer, "isotonic", n, () => IsotonicRegression.Fit(margins, labels));
            Compare(peer, "platt", n, () => Platt.Fit(margins, labels));
            Compare(peer, "logistic", n, () => Platt.Fit(margins, labels));
            Alone("beta", n, () => Beta.Fit(margins, labels));
            Alone("table of isotonic", n, () => Isotonic.Fit(margins, labels));
            Alone("Venn-Abers, table", n, () => VennAbers.Fit(margins, labels).ToTable());
            Apply(margins, labels);
        }
    }

    private static (double[] Margins, bool[] Labels) Draw(int n)
    {
        var random = new SplitMix64(1);
        var margins = new double[n];
        var labels = new bool[n];
        for (int i = 0; i < n; i++)
        {
            double m = margins[i] = 8 * random.NextDouble() - 4;
            labels[i] = random.NextDouble() < 0.5 + 0.45 * (m / (1 + Math.Abs(m)));
        }
        return (margins, labels);
    }

    private static void Check(Peer peer, double[] margins, bool[] labels)
    {
        double ours = 0;
        foreach (double y in IsotonicRegression.Fit(margins, labels).Y) ours += y;
        Same("isotonic", ours, peer.AskNumber("sum"), 1e-9);
        Same("platt", Platt.Fit(margins, labels).A, peer.AskNumber("slope"), 1e-3);
    }

    private static void Same(string what, double ours, double theirs, double relative)
    {
        if (!(Math.Abs(ours - theirs) <= relative * Math.Abs(theirs)))
            throw new InvalidOperationException($"{what} gives {ours:R} here and {theirs:R} there");
    }

    private static void Compare(Peer peer, string what, int n, Action ours)
    {
        int calls = Math.Max(4, 2_000_000 / n), theirs = what == "platt" ? Math.Max(1, calls / 20) : Math.Max(2, calls / 4);
        Paired.Compare($"{what}, {n}", Pairs, calls, ours, () => peer.AskNumber($"{what} {theirs}"));
    }

    private static void Alone(string what, int n, Action ours) =>
        Console.WriteLine($"{what}, {n}: {Paired.Alone(Pairs, Math.Max(2, 1_000_000 / n), ours):F3} ms");

    private static void Apply(double[] margins, bool[] labels)
    {
        VennAbersTable table = VennAbers.Fit(margins, labels).ToTable();
        double look = Nanoseconds(margins, f => table.At(f).Confidence);
        Console.WriteLine($"Venn-Abers table: {table.Steps} steps, error {table.MaxError:E1}, {look:F1} ns a margin");
        foreach (CalibratorKind kind in Enum.GetValues<CalibratorKind>())
        {
            Calibrator calibrator = CalibratorChoice.Fit(kind, margins, labels);
            Console.WriteLine($"{calibrator}: {Nanoseconds(margins, calibrator.Apply):F1} ns a margin");
        }
    }

    private static double Nanoseconds(double[] margins, Func<double, double> apply)
    {
        double sum = 0;
        Action all = () =>
        {
            foreach (double margin in margins) sum += apply(margin);
        };
        double median = Paired.Alone(Pairs, Math.Max(2, 2_000_000 / margins.Length), all);
        return double.IsNaN(sum) ? throw new InvalidOperationException("NaN") : median * 1e6 / margins.Length;
    }
}
