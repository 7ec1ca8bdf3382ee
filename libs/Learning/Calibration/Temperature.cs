using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Calibration;

/// <summary>q = σ(f / T): Platt's without its constant (Guo et al. 2017).</summary>
public sealed class Temperature : Calibrator
{
    /// <summary>A calibrator of known temperature.</summary>
    /// <param name="degrees">T &gt; 0: above 1 it softens, below 1 it sharpens; +∞ says 1/2 to all.</param>
    /// <exception cref="ArgumentOutOfRangeException">T is not positive.</exception>
    public Temperature(double degrees)
    {
        if (!(degrees > 0)) throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "a temperature is above 0");
        Degrees = degrees;
    }

    /// <summary>T.</summary>
    public double Degrees { get; }

    /// <inheritdoc/>
    public override CalibratorKind Kind => CalibratorKind.Temperature;

    /// <summary>The T of least loss, with the targets of <see cref="Platt.Fit"/>.</summary>
    /// <remarks>A model that ranks the wrong way round gets T = +∞; margins that are all 0 keep T = 1.</remarks>
    /// <inheritdoc cref="Platt.Fit"/>
    public static Temperature Fit(ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default)
    {
        (double w0, double w1) = CalibrationRows.Check(margins, labels, weights);
        if (margins.IndexOfAnyExcept(0.0) < 0) return new Temperature(1);
        Span<double> fit = [0, 0, 0];
        Platt.Minimise(margins, labels, weights, w0, w1, constant: false, fit);
        return new Temperature(1 / Math.Max(fit[1], 0));
    }

    /// <inheritdoc/>
    public override double Apply(double margin) => Logistic.Sigmoid(Finite(margin) / Degrees);

    /// <inheritdoc/>
    public override string ToString() => $"temperature({Degrees:R})";

    private protected override byte[] Parameters() => Bytes(Degrees);
}
