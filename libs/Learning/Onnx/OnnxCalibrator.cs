using QuadTurbo.Learning.Calibration;

namespace QuadTurbo.Learning.Onnx;

/// <summary>How a margin f becomes a probability, as a few ONNX operations.</summary>
public abstract class OnnxCalibrator
{
    /// <summary>Name of the result.</summary>
    internal const string Probability = "probability";

    /// <summary>The operations of <paramref name="calibrator"/>.</summary>
    /// <exception cref="ArgumentException">It is of a kind that has none.</exception>
    public static OnnxCalibrator Of(Calibrator calibrator) => calibrator switch
    {
        Identity => Platt(1, 0),
        Platt p => Platt(p.A, p.B),
        Temperature t => Temperature(t.Degrees),
        Beta b => Beta(b.A, b.B, b.C),
        Isotonic i => Isotonic([.. i.Margins.ToArray().Select(m => (double)m)], [.. i.Probabilities.ToArray().Select(p => (double)p)]),
        _ => throw new ArgumentException($"no ONNX operations for a calibrator of kind {calibrator?.Kind}", nameof(calibrator)),
    };

    /// <summary>σ(a f + b).</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static OnnxCalibrator Platt(double a, double b) => new Line(Finite(a, nameof(a)), Finite(b, nameof(b)));

    /// <summary>σ(f / t).</summary>
    /// <exception cref="ArgumentException">t is not positive and finite.</exception>
    public static OnnxCalibrator Temperature(double t) =>
        Finite(t, nameof(t)) > 0 ? new Line(1 / t, 0) : throw new ArgumentException($"temperature {t} is not above 0", nameof(t));

    /// <summary>σ(a ln p − b ln(1 − p) + c), p = σ(f) clipped to [10⁻¹⁵, 1 − 10⁻¹⁵]. Source: Kull, Silva Filho and Flach 2017.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static OnnxCalibrator Beta(double a, double b, double c) =>
        new BetaCurve(Finite(a, nameof(a)), Finite(b, nameof(b)), Finite(c, nameof(c)));

    /// <summary>Linear between the knots (x, y), constant outside.</summary>
    /// <param name="x">Margins, ascending; some that float32 cannot tell apart are moved to the next float.</param>
    /// <param name="y">Their probabilities.</param>
    /// <exception cref="ArgumentException">There are no knots, their numbers differ, one is not finite, or x is not ascending.</exception>
    public static OnnxCalibrator Isotonic(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count == 0 || x.Count != y.Count) throw new ArgumentException($"{x.Count} margins and {y.Count} probabilities of knots", nameof(x));
        for (int i = 0; i < x.Count; i++)
        {
            Finite(y[i], $"y[{i}]");
            if (i > 0 && !(Finite(x[i], $"x[{i}]") > x[i - 1])) throw new ArgumentException($"knot {i} at {x[i]} is not above {x[i - 1]}", nameof(x));
        }
        Finite(x[0], "x[0]");
        return new Knots([.. x], [.. y]);
    }

    /// <summary>Adds the operations; gives the name of the probability.</summary>
    internal abstract string Append(OnnxGraph graph, string margin);

    private static double Finite(double value, string name) =>
        double.IsFinite(value) ? value : throw new ArgumentException($"{name} is {value}", name);

    private sealed class Line(double a, double b) : OnnxCalibrator
    {
        internal override string Append(OnnxGraph graph, string margin)
        {
            string scaled = graph.Add("scaled", "Mul", margin, graph.Constant("slope", a));
            return graph.Add(Probability, "Sigmoid", graph.Add("shifted", "Add", scaled, graph.Constant("intercept", b)));
        }
    }

    /// <summary>ln p = −softplus(−f) and ln(1 − p) = −softplus(f): no digit is lost where p is near 0 or 1.</summary>
    private sealed class BetaCurve(double a, double b, double c) : OnnxCalibrator
    {
        /// <summary>ln((1 − 10⁻¹⁵) / 10⁻¹⁵).</summary>
        private const double Bound = 34.538776394910684;

        internal override string Append(OnnxGraph graph, string margin)
        {
            string floor = graph.Add("floored", "Max", margin, graph.Constant("lowest", -Bound));
            string clipped = graph.Add("clipped", "Min", floor, graph.Constant("highest", Bound));
            string up = graph.Add("minus_log_q", "Softplus", clipped);
            string down = graph.Add("minus_log_p", "Softplus", graph.Add("negated", "Neg", clipped));
            string first = graph.Add("weighted_p", "Mul", down, graph.Constant("minus_a", -a));
            string second = graph.Add("weighted_q", "Mul", up, graph.Constant("b", b));
            string sum = graph.Add("weighted", "Add", first, second);
            return graph.Add(Probability, "Sigmoid", graph.Add("shifted", "Add", sum, graph.Constant("c", c)));
        }
    }

    /// <summary>y₀ + Σ rise × (how far f is through the segment, 0 to 1), all segments at once as a row.</summary>
    private sealed class Knots(double[] x, double[] y) : OnnxCalibrator
    {
        internal override string Append(OnnxGraph graph, string margin)
        {
            float[] at = [.. x.Select(v => (float)v)];
            for (int i = 1; i < at.Length; i++) at[i] = Math.Max(at[i], MathF.BitIncrement(at[i - 1]));
            int segments = at.Length - 1;
            if (segments == 0)
                return graph.Add(Probability, "Add", graph.Add("zero", "Mul", margin, graph.Constant("none", 0)), graph.Constant("level", y[0]));
            string low = graph.Constant("low", at[..^1].Select(v => (double)v), 1, segments);
            string high = graph.Constant("high", at[1..].Select(v => (double)v), 1, segments);
            string width = graph.Constant("width", Enumerable.Range(0, segments).Select(i => (double)(at[i + 1] - at[i])), 1, segments);
            string rise = graph.Constant("rise", Enumerable.Range(0, segments).Select(i => y[i + 1] - y[i]), segments, 1);
            string within = graph.Add("within", "Min", graph.Add("above", "Max", margin, low), high);
            string share = graph.Add("share", "Div", graph.Add("beyond", "Sub", within, low), width);
            return graph.Add(Probability, "Add", graph.Add("risen", "MatMul", share, rise), graph.Constant("lowest", y[0]));
        }
    }
}
