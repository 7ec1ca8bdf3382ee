using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Online;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

public sealed class CalibratorTests
{
    private static readonly Calibrator[] Kinds =
    [
        Identity.Instance,
        new Temperature(1.5),
        new Platt(0.75, -0.25),
        new Beta(0.5, 1.25, 0.125),
        new Isotonic([-2, -0.5f, 3], [0.125f, 0.125f, 0.875f]),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Kinds.Length)];

    [Theory]
    [MemberData(nameof(Each))]
    public void A_calibrator_survives_its_bytes_and_is_equal_to_what_comes_back(int kind)
    {
        Calibrator calibrator = Kinds[kind];
        byte[] bytes = calibrator.ToBytes();

        Calibrator again = Calibrator.FromBytes(bytes);

        Assert.Equal(calibrator, again);
        Assert.Equal(calibrator.GetHashCode(), again.GetHashCode());
        Assert.Equal(bytes, again.ToBytes());
        Assert.Single(Kinds, k => k.Equals(again));
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            // A table that is cut between two points is a shorter table.
            if (calibrator is Isotonic && cut > 5 && (cut - 5) % 8 == 0) continue;
            Assert.Throws<InvalidDataException>(() => Calibrator.FromBytes(bytes.AsSpan(0, cut)));
        }
        Assert.Throws<InvalidDataException>(() => Calibrator.FromBytes([.. bytes, 0]));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_probability_never_falls_stays_within_0_and_1_and_is_defined_at_infinity(int kind)
    {
        Calibrator calibrator = Kinds[kind];
        double before = calibrator.Apply(double.NegativeInfinity);
        for (double f = -800; f <= 800; f += 0.37)
        {
            double q = calibrator.Apply(f);
            Assert.InRange(q, before, 1);
            before = q;
        }
        Assert.InRange(calibrator.Apply(double.PositiveInfinity), before, 1);
        Assert.Equal(double.NaN, calibrator.Apply(double.NaN));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Applying_a_calibrator_allocates_nothing(int kind)
    {
        Calibrator calibrator = Kinds[kind];
        double sum = calibrator.Apply(0.5);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++) sum += calibrator.Apply(0.01 * i - 5);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sum > 0);
    }

    [Fact]
    public void Each_kind_follows_its_formula()
    {
        for (double f = -30; f <= 30; f += 0.173)
        {
            double p = 1 / (1 + Math.Exp(-f)), rest = 1 / (1 + Math.Exp(f));
            Near(p, Kinds[0].Apply(f));
            Near(1 / (1 + Math.Exp(-f / 1.5)), Kinds[1].Apply(f));
            Near(1 / (1 + Math.Exp(-(0.75 * f - 0.25))), Kinds[2].Apply(f));
            Near(1 / (1 + Math.Exp(-(0.5 * Math.Log(p) - 1.25 * Math.Log(rest) + 0.125))), Kinds[3].Apply(f));
        }
        Assert.Equal([0.125, 0.125, 0.125, 0.125 + 0.75 * 0.5, 0.875, 0.875], Applied(Kinds[4], -9, -2, -0.5, 1.25, 3, 9));

        static void Near(double expected, double found) => Assert.InRange(found, expected * (1 - 1e-13), expected * (1 + 1e-13));
    }

    [Fact]
    public void Softplus_agrees_with_the_C_library_and_has_these_very_bits_on_every_machine()
    {
        for (double x = -700; x <= 700; x += 0.0137)
        {
            // ln(1 + e) by the series of artanh past 1, where the C library's plain form loses digits, and by itself below.
            double e = Math.Exp(-Math.Abs(x)), tail = e > 0.5 ? Math.Log(1 + e) : 2 * Math.Atanh(e / (2 + e));
            double expected = Math.Max(x, 0) + tail;
            Assert.InRange(Logistic.SoftPlus(x) / expected, 1 - 2e-15, 1 + 2e-15);
        }
        Assert.Equal(Math.Log(2), Logistic.SoftPlus(0), 1e-16);
        Assert.Equal(double.NaN, Logistic.SoftPlus(double.NaN));
        Assert.Equal(double.PositiveInfinity, Logistic.SoftPlus(double.PositiveInfinity));
        Assert.Equal(0, Logistic.SoftPlus(double.NegativeInfinity));
        // The exact value, rounded, has the same.
        Assert.Equal(0x3FF5_031E_AFEF_B049, BitConverter.DoubleToInt64Bits(Logistic.SoftPlus(1)));
    }

    [Fact]
    public void Parameters_that_no_fit_gives_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Temperature(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Temperature(double.NaN));
        Assert.Throws<ArgumentException>(() => new Platt(double.NaN, 0));
        Assert.Throws<ArgumentException>(() => new Beta(-0.1, 1, 0));
        Assert.Throws<ArgumentException>(() => new Beta(1, 1, double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => new Isotonic([], []));
        Assert.Throws<ArgumentException>(() => new Isotonic([0, 0], [0, 1]));
        Assert.Throws<ArgumentException>(() => new Isotonic([0, 1], [0.5f, 0.25f]));
        Assert.Throws<ArgumentException>(() => new Isotonic([0, 1], [0.5f, 1.5f]));
        Assert.Throws<ArgumentException>(() => new Isotonic([0], [float.NaN]));
        Assert.Throws<ArgumentException>(() => new Isotonic(new float[65], new float[65]));
        Assert.Throws<ArgumentException>(() => Identity.Instance.Apply([1, 2], new double[3]));
    }

    private static double[] Applied(Calibrator calibrator, params double[] margins)
    {
        var probabilities = new double[margins.Length];
        calibrator.Apply(margins, probabilities);
        return probabilities;
    }
}
