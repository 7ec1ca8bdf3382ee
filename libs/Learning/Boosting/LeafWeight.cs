namespace QuadTurbo.Learning.Boosting;

/// <summary>The leaf that minimises the loss to second order, and what it saves, in the units of packed sums.</summary>
/// <remarks>
/// With g = gradient units and h = hessian units in 1, G = G' / g and H = H' / h; then G² / (H + lambda) = G'² / (H' + h lambda) · h / g²,
/// so the search works on whole numbers and the factor h / g², a power of two, is applied to its result alone.
/// </remarks>
internal readonly struct LeafWeight(BoostingOptions options, double gradientScale, double hessianScale)
{
    /// <summary>lambda in units of H'.</summary>
    public double Lambda { get; } = options.Lambda * hessianScale;

    /// <summary>alpha in units of G'.</summary>
    public double Alpha { get; } = options.Alpha * gradientScale;

    /// <summary>Least H' of a child: one unit at least, so that nothing is divided by 0.</summary>
    public double LeastHessian { get; } = Math.Max(options.MinChildWeight * hessianScale, 1);

    /// <summary>A score times this is in units of the loss.</summary>
    public double ScoreUnit { get; } = hessianScale / (gradientScale * gradientScale);

    /// <summary>A weight times this is in units of the margin.</summary>
    public double WeightUnit { get; } = hessianScale / gradientScale;

    /// <summary>Largest |weight|; +∞ for no limit.</summary>
    public double MaxDelta { get; } = options.MaxDelta == 0 ? double.PositiveInfinity : options.MaxDelta * gradientScale / hessianScale;

    /// <summary>−T(G') / (H' + lambda) within the bounds.</summary>
    public double Of(double gradient, double hessian, double lower, double upper)
    {
        double denominator = hessian + Lambda;
        double weight = denominator > 0 ? -Shrink(gradient) / denominator : 0;
        return Math.Clamp(Math.Clamp(weight, -MaxDelta, MaxDelta), lower, upper);
    }

    /// <summary>Twice the loss that a leaf of this weight saves: T(G')² / (H' + lambda) at the best one.</summary>
    public double Score(double gradient, double hessian, double weight) =>
        -(2 * gradient * weight + (hessian + Lambda) * weight * weight + 2 * Alpha * Math.Abs(weight));

    private double Shrink(double gradient) => Math.CopySign(Math.Max(Math.Abs(gradient) - Alpha, 0), gradient);
}
