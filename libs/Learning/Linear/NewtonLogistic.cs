using System.Numerics;
using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Linear;

/// <summary>Minimises Σ weight × log-loss + ½ l2 Σ coefficient² (without the first, the intercept) by Newton's method.</summary>
/// <remarks>
/// gradient = Zᵀ w (p − y) + l2 c, curvature = Zᵀ w p (1 − p) Z + l2 I; a step solves curvature × step = gradient by Cholesky.
/// The loss is strictly convex, so halving a step until it lowers the loss enough (Armijo 1966) always arrives. Sums run in the order of the rows.
/// </remarks>
internal sealed class NewtonLogistic(Design design, bool[] labels, double[] weights, double l2)
{
    // A step that moves no coefficient by this share of the largest is the last; the error then left is about its square.
    private const double Arrived = 1e-10;
    private const double Armijo = 1e-4;
    private const int MostHalvings = 60;

    // Where p rounds to 0 or 1 for all rows the intercept has no curvature left; this keeps the factor positive and leaves the answer as it is.
    private const double LeastCurvature = 1e-12;
    private readonly int _width = design.Width;
    private readonly double[] _gradient = new double[design.Width];
    private readonly double[] _curvature = new double[design.Width * design.Width];

    /// <summary>[width]: intercept first.</summary>
    /// <exception cref="InvalidOperationException">The steps ran out.</exception>
    public double[] Minimise(int mostSteps, out int steps)
    {
        var coefficients = new double[_width];
        double loss = Loss(coefficients);
        for (steps = 1; steps <= mostSteps; steps++)
        {
            Differentiate(coefficients);
            double[] step = (double[])_gradient.Clone();
            for (int a = 0; a < _width; a++) _curvature[a * _width + a] += LeastCurvature;
            if (!Cholesky.TryFactor(_curvature, _width)) throw new InvalidOperationException("the curvature is not positive definite");
            Cholesky.Solve(_curvature, _width, step);
            bool last = Largest(step) <= Arrived * Math.Max(1, Largest(coefficients));
            coefficients = last ? Move(coefficients, step, 1) : Descend(coefficients, step, ref loss);
            if (last) return coefficients;
        }
        throw new InvalidOperationException($"no minimum after {mostSteps} steps");
    }

    private double[] Descend(double[] coefficients, double[] step, ref double loss)
    {
        double slope = 0;
        for (int a = 0; a < _width; a++) slope += _gradient[a] * step[a];
        double size = 1;
        for (int halving = 0; ; halving++, size /= 2)
        {
            double[] moved = Move(coefficients, step, size);
            double after = Loss(moved);
            // Near the minimum the loss no longer resolves the gain: rounding of n terms decides, and the whole step is right.
            bool flat = Math.Abs(slope) <= 1e-12 * Math.Abs(loss);
            if (!flat && after > loss - Armijo * size * slope && halving < MostHalvings) continue;
            loss = after;
            return moved;
        }
    }

    private double Loss(double[] coefficients)
    {
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double margin = Dot(design.Row(i), coefficients);
            double against = labels[i] ? -margin : margin;
            // ln(1 + e^a), without overflow.
            loss += weights[i] * (Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against))));
        }
        for (int a = 1; a < _width; a++) loss += 0.5 * l2 * coefficients[a] * coefficients[a];
        return loss;
    }

    private void Differentiate(double[] coefficients)
    {
        Array.Clear(_gradient);
        Array.Clear(_curvature);
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<double> z = design.Row(i);
            double p = Logistic.Sigmoid(Dot(z, coefficients));
            double g = weights[i] * (p - (labels[i] ? 1 : 0)), h = weights[i] * p * (1 - p);
            for (int a = 0; a < z.Length; a++)
            {
                _gradient[a] += g * z[a];
                AddScaled(_curvature.AsSpan(a * _width, a + 1), h * z[a], z);
            }
        }
        for (int a = 1; a < _width; a++)
        {
            _gradient[a] += l2 * coefficients[a];
            _curvature[a * _width + a] += l2;
        }
    }

    // Each number by itself, multiplied and then added: the same bits with vectors of any width.
    private static void AddScaled(Span<double> to, double scale, ReadOnlySpan<double> from)
    {
        int i = 0;
        for (; i <= to.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Span<double> some = to.Slice(i, Vector<double>.Count);
            (new Vector<double>(some) + scale * new Vector<double>(from.Slice(i, Vector<double>.Count))).CopyTo(some);
        }
        for (; i < to.Length; i++) to[i] += scale * from[i];
    }

    private static double[] Move(double[] from, double[] step, double size) => [.. from.Select((c, a) => c - size * step[a])];

    private static double Largest(double[] values) => values.Max(Math.Abs);

    private static double Dot(ReadOnlySpan<double> z, double[] coefficients)
    {
        double sum = 0;
        for (int a = 0; a < z.Length; a++) sum += z[a] * coefficients[a];
        return sum;
    }
}
