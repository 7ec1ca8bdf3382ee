using System.Buffers.Binary;

namespace QuadTurbo.Learning.Calibration;

/// <summary>A table of at most <see cref="MostKnots"/> points that never falls; linear between them, the nearest end outside.</summary>
/// <remarks>Fitted by <see cref="IsotonicRegression"/>. Six comparisons without a branch find the place (Khuong and Morin 2017).</remarks>
public sealed class Isotonic : Calibrator
{
    /// <summary>Largest table.</summary>
    public const int MostKnots = 64;

    // Padded with margin +∞ and the last probability, so that every search takes the same six steps.
    private readonly float[] _x = new float[MostKnots + 1];
    private readonly float[] _y = new float[MostKnots + 1];
    private readonly int _count;

    /// <summary>A table of known points.</summary>
    /// <param name="margins">Finite, rising: [1 .. 64].</param>
    /// <param name="probabilities">In [0, 1], never falling: as many.</param>
    /// <exception cref="ArgumentException">The table is empty, too long, uneven or out of order.</exception>
    public Isotonic(ReadOnlySpan<float> margins, ReadOnlySpan<float> probabilities)
    {
        _count = margins.Length;
        if (_count is < 1 or > MostKnots || probabilities.Length != _count)
            throw new ArgumentException($"{_count} margins and {probabilities.Length} probabilities: as many of each, from 1 to {MostKnots}",
                nameof(margins));
        for (int i = 0; i < _count; i++)
        {
            if (!float.IsFinite(margins[i]) || i > 0 && !(margins[i] > margins[i - 1]))
                throw new ArgumentException($"margin {i} of the table is {margins[i]}: finite and above the one before", nameof(margins));
            if (!(probabilities[i] >= (i > 0 ? probabilities[i - 1] : 0) && probabilities[i] <= 1))
                throw new ArgumentException($"probability {i} of the table is {probabilities[i]}: in [0, 1] and not below the one before",
                    nameof(probabilities));
        }
        _x.AsSpan().Fill(float.PositiveInfinity);
        _y.AsSpan().Fill(probabilities[^1]);
        margins.CopyTo(_x);
        probabilities.CopyTo(_y);
    }

    /// <summary>Margins of its points.</summary>
    public ReadOnlySpan<float> Margins => _x.AsSpan(0, _count);

    /// <summary>Probabilities at its points.</summary>
    public ReadOnlySpan<float> Probabilities => _y.AsSpan(0, _count);

    /// <inheritdoc/>
    public override CalibratorKind Kind => CalibratorKind.Isotonic;

    /// <summary>The table closest to the isotonic fit of the labels.</summary>
    /// <remarks>
    /// Of the fit's block ends, those that lose least are kept (<see cref="KnotReduction"/>). No finite sample proves certainty: probabilities
    /// stay within 1 / (W₀ + 2) and (W₁ + 1) / (W₁ + 2), the targets of <see cref="Platt.Fit"/>, W the weight of each class.
    /// </remarks>
    /// <param name="margins">Log-odds, finite: [rows].</param>
    /// <param name="labels">[rows].</param>
    /// <param name="weights">[rows], ≥ 0; none means 1 each.</param>
    /// <param name="knots">Most points of the table: 2 to 64.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths differ, or a number is out of range; the message names its index.</exception>
    public static Isotonic Fit(ReadOnlySpan<double> margins, ReadOnlySpan<bool> labels, ReadOnlySpan<double> weights = default, int knots = MostKnots)
    {
        if (knots is < 2 or > MostKnots) throw new ArgumentOutOfRangeException(nameof(knots), knots, $"2 to {MostKnots}");
        (double w0, double w1) = CalibrationRows.Check(margins, labels, weights);
        IsotonicRegression fit = IsotonicRegression.FitLabels(margins, labels, weights, spreads: true);
        double least = 1 / (w0 + 2), most = (w1 + 1) / (w1 + 2);
        var x = new List<float>(knots);
        var y = new List<float>(knots);
        foreach (int knot in KnotReduction.Choose(fit, knots))
        {
            float margin = (float)Math.Clamp(fit.X[knot], float.MinValue, float.MaxValue);
            float probability = (float)Math.Clamp(fit.Y[knot], least, most);
            if (x.Count > 0 && margin == x[^1])
            {
                // A jump narrower than float32 can tell: its middle.
                y[^1] += (probability - y[^1]) / 2;
                continue;
            }
            x.Add(margin);
            y.Add(probability);
        }
        return new Isotonic(x.ToArray(), y.ToArray());
    }

    /// <inheritdoc/>
    public override double Apply(double margin)
    {
        float[] x = _x;
        double f = Math.Clamp(margin, x[0], x[_count - 1]);
        int at = f >= x[32] ? 32 : 0;
        at += f >= x[at + 16] ? 16 : 0;
        at += f >= x[at + 8] ? 8 : 0;
        at += f >= x[at + 4] ? 4 : 0;
        at += f >= x[at + 2] ? 2 : 0;
        at += f >= x[at + 1] ? 1 : 0;
        double x0 = x[at], y0 = _y[at];
        return y0 + (f - x0) / (x[at + 1] - x0) * (_y[at + 1] - y0);
    }

    /// <inheritdoc/>
    public override string ToString() => $"isotonic({_count} knots)";

    internal static Isotonic FromParameters(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % 8 != 0 || bytes.Length > 8 * MostKnots)
            throw new InvalidDataException($"not a calibrator: an isotonic table of {bytes.Length} bytes");
        var x = new float[bytes.Length / 8];
        var y = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(8 * i)..]);
            y[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(8 * i + 4)..]);
        }
        return new Isotonic(x, y);
    }

    private protected override byte[] Parameters()
    {
        var bytes = new byte[8 * _count];
        for (int i = 0; i < _count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 * i), _x[i]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 * i + 4), _y[i]);
        }
        return bytes;
    }
}
