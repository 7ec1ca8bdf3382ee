using System.Buffers;
using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Calibration;

/// <summary>q = σ(a f + b): Platt 1999, fitted as Lin, Lin and Weng 2007.</summary>
/// <remarks>A negative slope is kept as found: the model then ranks the wrong way round, which its AUC says too.</remarks>
public sealed class Platt : Calibrator
{
    /// <summary>A calibrator of known parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public Platt(double a, double b)
    {
        if (!double.IsFinite(a) || !double.IsFinite(b)) throw new ArgumentException($"Platt's a = {a} and b = {b} must be finite");
        A = a;
        B = b;
    }

    /// <summary>Slope.</summary>
    public double A { get; }

    /// <summary>Log-odds at margin 0.</summary>
    public double B { get; }

    /// <inheritdoc/>
    public override CalibratorKind Kind => CalibratorKind.Platt;

    /// <summary>The a and b of least Σ w [softplus(a f + b) − t (a f + b)].</summary>
    /// <remarks>
    /// t = (W₁ + 1) / (W₁ + 2) for label 1 and 1 / (W₀ + 2) for label 0, W the weight of each class: one more sample of each,
    /// so that one class alone or a perfect score still has a finite fit. Margins that are all equal get slope 0.
    /// Newton steps from 0, halved while the loss would rise; IEEE operations alone, so the same bits on every machine.
    /// </remarks>
    /// <param name="margins">Log-odds, finite: [rows].</param>
    /// <param name="labels">[rows].</param>
    /// <param name="weights">[rows], ≥ 0; none means 1 each.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths differ, or a number is out of range; the message names its index.</exception>
    public static Platt Fit(ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        (double w0, double w1) = CalibrationRows.Check(margins, labels, weights);
        Span<double> fit = [0, 0, 0];
        Minimise(margins, labels, weights, w0, w1, constant: true, fit);
        return new Platt(fit[1], fit[0]);
    }

    /// <inheritdoc/>
    public override double Apply(double margin) => Logistic.Sigmoid(A * Finite(margin) + B);

    /// <inheritdoc/>
    public override string ToString() => $"platt(a={A:R}, b={B:R})";

    /// <summary>Newton on the smoothed targets; the constant stays as it is where it is not fitted.</summary>
    internal static void Minimise(
        ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights, double w0, double w1, bool constant, Span<double> fit)
    {
        double positive = (w1 + 1) / (w1 + 2), negative = 1 / (w0 + 2);
        double[] rented = ArrayPool<double>.Shared.Rent(labels.Length);
        Span<double> targets = rented.AsSpan(0, labels.Length);
        for (int i = 0; i < targets.Length; i++) targets[i] = labels[i] ? positive : negative;
        new LogitNewton(margins, default, targets, weights) { Constant = constant }.Minimise(fit);
        ArrayPool<double>.Shared.Return(rented);
    }

    private protected override byte[] Parameters() => Bytes(A, B);
}
