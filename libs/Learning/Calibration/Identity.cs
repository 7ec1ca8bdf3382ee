using QuadTurbo.Learning.Online;

namespace QuadTurbo.Learning.Calibration;

/// <summary>Takes the margin as it is: q = σ(f).</summary>
public sealed class Identity : Calibrator
{
    private Identity()
    {
    }

    /// <summary>The only one.</summary>
    public static Identity Instance { get; } = new();

    /// <inheritdoc/>
    public override CalibratorKind Kind => CalibratorKind.Identity;

    /// <inheritdoc/>
    public override double Apply(double margin) => Logistic.Sigmoid(margin);

    /// <inheritdoc/>
    public override string ToString() => "identity";

    private protected override byte[] Parameters() => [];
}
