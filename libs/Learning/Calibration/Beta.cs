using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Calibration;

/// <summary>logit q = a ln p − b ln(1 − p) + c with p = σ(f) and a, b ≥ 0: Kull, Silva Filho and Flach 2017.</summary>
/// <remarks>ln p = −softplus(−f) and ln(1 − p) = −softplus(f): no probability is rounded to 0 or 1 on the way. a = b = 1, c = 0 changes
/// nothing.</remarks>
public sealed class Beta : Calibrator
{
    // Without it a separable sample has its fit at infinity; with it, near |logit q| = 30. Others move by 1e-9 / rows.
    private const double Ridge = 1e-9;

    /// <summary>A calibrator of known parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is not finite, or a or b is negative.</exception>
    public Beta(double a, double b, double c)
    {
        if (!(double.IsFinite(a) && double.IsFinite(b) && double.IsFinite(c) && a >= 0 && b >= 0))
            throw new ArgumentException($"beta's a = {a} and b = {b} must be 0 or more, c = {c} finite");
        A = a;
        B = b;
        C = c;
    }

    /// <summary>Weight of ln p.</summary>
    public double A { get; }

    /// <summary>Weight of −ln(1 − p).</summary>
    public double B { get; }

    /// <summary>Constant, log-odds.</summary>
    public double C { get; }

    /// <inheritdoc/>
    public override CalibratorKind Kind => CalibratorKind.Beta;

    /// <summary>The a, b and c of least log-loss of the labels as they are; a negative a, else b, is set to 0 and the rest fitted again.</summary>
    /// <remarks>As in the authors' code: when a is dropped and b then is negative, b is dropped too.</remarks>
    /// <inheritdoc cref="Platt.Fit"/>
    public static Beta Fit(ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        CalibrationRows.Check(margins, labels, weights);
        var logP = new double[margins.Length];
        var minusLogRest = new double[margins.Length];
        var targets = new double[margins.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            double f = margins[i], shared = Logistic.SoftPlus(-Math.Abs(f));
            logP[i] = -(Math.Max(-f, 0) + shared);
            minusLogRest[i] = Math.Max(f, 0) + shared;
            targets[i] = labels[i] ? 1 : 0;
        }
        Span<double> fit = [0, 0, 0];
        new LogitNewton(logP, minusLogRest, targets, weights) { Ridge = Ridge }.Minimise(fit);
        if (fit[1] >= 0 && fit[2] >= 0) return new Beta(fit[1], fit[2], fit[0]);

        bool keepsB = fit[1] < 0;
        fit.Clear();
        new LogitNewton(keepsB ? minusLogRest : logP, default, targets, weights) { Ridge = Ridge }.Minimise(fit);
        if (fit[1] < 0)
        {
            // Both fall: the margin says nothing that may be used, and the base rate is left.
            fit[1] = 0;
            new LogitNewton(new double[targets.Length], default, targets, weights) { Ridge = Ridge }.Minimise(fit);
            return new Beta(0, 0, fit[0]);
        }
        return keepsB ? new Beta(0, fit[1], fit[0]) : new Beta(fit[1], 0, fit[0]);
    }

    /// <inheritdoc/>
    public override double Apply(double margin)
    {
        double f = Finite(margin);
        // softplus(±f) is this and the positive part of ±f.
        double shared = Logistic.SoftPlus(-Math.Abs(f));
        return Logistic.Sigmoid(B * (Math.Max(f, 0) + shared) - A * (Math.Max(-f, 0) + shared) + C);
    }

    /// <inheritdoc/>
    public override string ToString() => $"beta(a={A:R}, b={B:R}, c={C:R})";

    private protected override byte[] Parameters() => Bytes(A, B, C);
}
