using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuadTurbo.Learning.Calibration;

/// <summary>Logistic regression of one or two columns by Newton steps; the bits do not depend on the machine's vector width.</summary>
/// <remarks>
/// loss(θ) = Σ w [softplus(z) − t z] + ridge |θ|² / 2, z = θ₀ + θ₁ x₁ + θ₂ x₂. Each pass adds into eight lanes, row i into lane i mod 8,
/// and the lanes are added in order. A column that the ones before it explain (constant, or a copy) takes no step.
/// </remarks>
/// <param name="first">x₁: [rows].</param>
/// <param name="second">x₂: [rows], or none.</param>
/// <param name="targets">t in [0, 1]: [rows].</param>
/// <param name="weights">w ≥ 0: [rows]; none means 1 each.</param>
internal readonly ref struct LogitNewton(
    ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<double> targets, ReadOnlySpan<double> weights)
{
    private const int Lanes = 8;
    private const int MostSteps = 100;

    // Half the squared Newton decrement is the loss still to gain; steps converge quadratically, so one step from here is at rounding.
    private const double CloseEnough = 1e-13;

    // From this many rows on, a sixteenth of them finds where to start: full passes are what costs.
    private const int RowsForSample = 1 << 14;
    private const int SampleStride = 16;
    private const double CloseEnoughToStart = 1e-6;

    // Share of a column's curvature that must be its own.
    private const double OwnShare = 1e-12;

    private readonly ReadOnlySpan<double> _first = first;
    private readonly ReadOnlySpan<double> _second = second;
    private readonly ReadOnlySpan<double> _targets = targets;
    private readonly ReadOnlySpan<double> _weights = weights;

    /// <summary>Whether θ₀ is fitted; otherwise it stays.</summary>
    public bool Constant { get; init; } = true;

    /// <summary>Weight of |θ|² / 2.</summary>
    public double Ridge { get; init; }

    /// <summary>Moves θ = (constant, first, second) to the least loss.</summary>
    public void Minimise(Span<double> theta)
    {
        if (_first.Length >= RowsForSample) Minimise(theta, SampleStride, CloseEnoughToStart);
        Minimise(theta, 1, CloseEnough);
    }

    private void Minimise(Span<double> theta, int stride, double closeEnough)
    {
        Sums here = Pass(theta, stride);
        Span<double> step = stackalloc double[3];
        Span<double> trial = stackalloc double[3];
        for (int i = 0; i < MostSteps; i++)
        {
            double decrement = here.Step(step, Constant, OwnShare);
            for (int k = 0; k < 3; k++) trial[k] = theta[k] - step[k];
            if (decrement <= closeEnough * here.Weight)
            {
                trial.CopyTo(theta);
                return;
            }
            Sums there = Pass(trial, stride);
            double scale = 1;
            // Armijo: at least 1e-4 of the descent that the slope promises (Lin, Lin and Weng 2007).
            while (!(there.Loss <= here.Loss - 1e-4 * scale * decrement) && scale > 1e-10)
            {
                scale /= 2;
                for (int k = 0; k < 3; k++) trial[k] = theta[k] - scale * step[k];
                there = Pass(trial, stride);
            }
            if (scale <= 1e-10) return;
            trial.CopyTo(theta);
            here = there;
        }
    }

    private Sums Pass(ReadOnlySpan<double> theta, int stride)
    {
        Vector512<double> t0 = Vector512.Create(theta[0]), t1 = Vector512.Create(theta[1]), t2 = Vector512.Create(theta[2]);
        Vector512<double> one = Vector512.Create(1.0), zero = Vector512<double>.Zero;
        Vector512<double> loss = zero, weight = zero, g0 = zero, g1 = zero, g2 = zero;
        Vector512<double> h00 = zero, h01 = zero, h02 = zero, h11 = zero, h12 = zero, h22 = zero;
        for (int i = 0; i < _first.Length; i += Lanes * stride)
        {
            Vector512<double> x1 = Load(_first, i);
            Vector512<double> x2 = _second.IsEmpty ? zero : Load(_second, i);
            Vector512<double> w = _weights.IsEmpty ? Ones(_first.Length - i) : Load(_weights, i);
            Vector512<double> t = Load(_targets, i);
            Vector512<double> z = t0 + t1 * x1 + t2 * x2;
            Vector512<double> e = VectorLogistic.ExpOfNegative(-Vector512.Abs(z));
            Vector512<double> inverse = one / (one + e);
            Vector512<double> above = Vector512.GreaterThanOrEqual(z, zero);
            Vector512<double> p = Vector512.ConditionalSelect(above, inverse, e * inverse);
            Vector512<double> g = w * (p - t);
            Vector512<double> h = w * (e * inverse * inverse);
            loss += w * (Vector512.ConditionalSelect(above, z, zero) + VectorLogistic.LogOnePlus(e) - t * z);
            weight += w;
            g0 += g;
            g1 += g * x1;
            g2 += g * x2;
            h00 += h;
            Vector512<double> hx1 = h * x1, hx2 = h * x2;
            h01 += hx1;
            h02 += hx2;
            h11 += hx1 * x1;
            h12 += hx1 * x2;
            h22 += hx2 * x2;
        }
        double squares = theta[0] * theta[0] + theta[1] * theta[1] + theta[2] * theta[2];
        return new Sums(Add(loss) + Ridge * squares / 2, Add(weight),
            Add(g0) + Ridge * theta[0], Add(g1) + Ridge * theta[1], Add(g2) + Ridge * theta[2],
            Add(h00) + Ridge, Add(h01), Add(h02), Add(h11) + Ridge, Add(h12), Add(h22) + Ridge);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ReadOnlySpan<double> values, int at) =>
        values.Length - at >= Lanes ? Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at) : Tail(values[at..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Ones(int left) =>
        left >= Lanes ? Vector512.Create(1.0) : Tail(((ReadOnlySpan<double>)[1, 1, 1, 1, 1, 1, 1])[..left]);

    // Lanes past the last row have weight 0.
    private static Vector512<double> Tail(ReadOnlySpan<double> values)
    {
        Span<double> padded = stackalloc double[Lanes];
        padded.Clear();
        values.CopyTo(padded);
        return Vector512.Create<double>(padded);
    }

    private static double Add(Vector512<double> lanes)
    {
        double sum = 0;
        for (int i = 0; i < Lanes; i++) sum += lanes[i];
        return sum;
    }

    /// <summary>The loss, its gradient and its curvature at one θ.</summary>
    private readonly record struct Sums(
        double Loss, double Weight, double G0, double G1, double G2, double H00, double H01, double H02, double H11, double H12, double H22)
    {
        /// <summary>Solves H step = g by L D Lᵀ and returns gᵀ step; a column without curvature of its own gets 0.</summary>
        public double Step(Span<double> step, bool constant, double ownShare)
        {
            double d0 = constant ? H00 : 0;
            double i0 = d0 > 0 ? 1 / d0 : 0;
            double l10 = H01 * i0, l20 = H02 * i0;
            double d1 = H11 - l10 * l10 * d0;
            double i1 = d1 > ownShare * H11 ? 1 / d1 : 0;
            double below = H12 - l10 * l20 * d0;
            double l21 = below * i1;
            double d2 = H22 - l20 * l20 * d0 - l21 * below;
            double i2 = d2 > ownShare * H22 ? 1 / d2 : 0;
            double y1 = G1 - l10 * G0, y2 = G2 - l20 * G0 - l21 * y1;
            step[2] = y2 * i2;
            step[1] = y1 * i1 - l21 * step[2];
            step[0] = constant ? G0 * i0 - l10 * step[1] - l20 * step[2] : 0;
            return G0 * step[0] + G1 * step[1] + G2 * step[2];
        }
    }
}
