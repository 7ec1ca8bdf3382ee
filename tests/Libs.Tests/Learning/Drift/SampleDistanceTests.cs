using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class SampleDistanceTests
{
    private static readonly Fixture Scipy = Fixture.Load("drift");

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, Scipy.Inputs.GetProperty("samples").GetArrayLength())];

    // p-values of "asymp" are 1 − P in scipy for small distances, so their last digits are absolute.
    [Theory]
    [MemberData(nameof(Samples))]
    public void Two_samples_are_as_far_apart_as_scipy_finds(int index)
    {
        (double[] reference, double[] window) = Draw.Fixture(Scipy.Inputs.GetProperty("samples")[index]);
        JsonElement expected = Scipy.Results.GetProperty("samples")[index];
        double[] known = [.. reference.Where(v => !double.IsNaN(v))], now = [.. window.Where(v => !double.IsNaN(v))];

        KsResult ks = KolmogorovSmirnov.Test(known, now), one = KolmogorovSmirnov.Test(known, now, KsMethod.OneSample);

        Near(expected, "d", ks.D, 1e-12);
        Near(expected, "auto", ks.PValue, ks.Method == KsMethod.Exact ? 1e-12 : 1e-11);
        if (known.Length + now.Length > 2) Near(expected, "one", one.PValue, 1e-11);
        else Assert.Equal(1, one.PValue);
        Near(expected, "w1", Wasserstein.Distance(known, now), 1e-12);
        Assert.Equal(ks, KolmogorovSmirnov.Test(now, known));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_column_against_its_sorted_reference_gives_the_same(int index)
    {
        (double[] reference, double[] window) = Draw.Fixture(Scipy.Inputs.GetProperty("samples")[index]);
        JsonElement expected = Scipy.Results.GetProperty("samples")[index];

        ColumnDrift column = DriftComparison.Of(["x"], [reference], [window], seed: 1, new DriftOptions { MinKnown = 2 })[0];

        Near(expected, "psi", column.Psi, 1e-12);
        if (reference.Length < 2) return;
        Near(expected, "d", column.KsD, 1e-12);
        Near(expected, "auto", column.KsP, 1e-11);
        Near(expected, "w1", column.W1, 1e-12);
        Assert.Equal(Fixture.Number(expected.GetProperty("w1")) / Fixture.Number(expected.GetProperty("iqr")), column.W1Normalised, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Bin_edges_are_the_deciles_of_numpy_bit_for_bit(int index)
    {
        (double[] reference, _) = Draw.Fixture(Scipy.Inputs.GetProperty("samples")[index]);
        double[] known = [.. reference.Where(v => !double.IsNaN(v)).Order()];

        Assert.Equal(Fixture.Numbers(Scipy.Results.GetProperty("samples")[index].GetProperty("edges")), StabilityIndex.Edges(known));
    }

    [Fact]
    public void Distances_agree_with_all_pairs_of_values_whatever_the_ties()
    {
        Gen<double[]> sample = Gen.NonEmptyListOf(Gen.Choose(-6, 6).Select(v => v * 0.5)).Select(l => l.ToArray());
        Prop.ForAll(sample.ToArbitrary(), sample.ToArbitrary(), (a, b) =>
        {
            double[] points = [.. a.Concat(b).Distinct().Order()];
            double[] apart = [.. points.Select(z => Math.Abs(Share(a, z) - Share(b, z)))];
            double area = points.Skip(1).Select((z, i) => apart[i] * (z - points[i])).Sum();

            Assert.Equal(apart.Max(), KolmogorovSmirnov.Test(a, b, KsMethod.Series).D, 1e-13);
            Assert.Equal(area, Wasserstein.Distance(a, b), 1e-12);
            if (Math.Min(a.Length, b.Length) < 2) return;
            ColumnDrift column = DriftComparison.Of(["x"], [a], [b], seed: 1, new DriftOptions { MinKnown = 2, Resamples = 3 })[0];
            Assert.Equal(apart.Max(), column.KsD, 1e-13);
            Assert.Equal(area, column.W1, 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_distance_does_not_change_with_where_zero_lies()
    {
        double[] a = Draw.Normals(1_000, "here"), b = Draw.Normals(100, "there", shift: 0.3);
        double[] farA = [.. a.Select(v => v + 4_194_304)], farB = [.. b.Select(v => v + 4_194_304)];

        double near = Wasserstein.Distance(a, b);

        Assert.Equal(near, Wasserstein.Distance(farA, farB), 2e-9);
        Assert.Equal(near, DriftComparison.Of(["x"], [farA], [farB], seed: 1)[0].W1, 2e-9);
        Assert.Equal(Wasserstein.Distance(farA, farB), DriftComparison.Of(["x"], [farA], [farB], seed: 1)[0].W1, 1e-12);
    }

    // Values are sorted by where they lie between the least and the largest: outliers crowd the rest, infinities and NaN leave no place.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e12, 0)]
    [InlineData(-1e300, 0)]
    [InlineData(1e-320, 0)]
    [InlineData(0, 3)]
    [InlineData(40, 1)]
    public void Distances_are_right_wherever_an_outlier_lies(double outlier, int decimals)
    {
        double[] a = [.. Draw.Normals(700, "crowd").Select(v => decimals == 0 ? v : Math.Round(v, decimals))];
        double[] b = [.. Draw.Normals(450, "crowded", shift: 0.2).Select(v => decimals == 0 ? v : Math.Round(v, decimals))];
        a[300] = outlier;
        double[] points = [.. a.Concat(b).Distinct().Order()];
        double[] apart = [.. points.Select(z => Math.Abs(Share(a, z) - Share(b, z)))];
        double area = points.Skip(1).Select((z, i) => apart[i] * (z - points[i])).Sum();

        Assert.Equal(apart.Max(), KolmogorovSmirnov.Test(a, b, KsMethod.Series).D, 1e-13);
        Assert.Equal(1, Wasserstein.Distance(a, b) / area, 1e-12);
        Assert.Equal(1, DriftComparison.Of(["x"], [a], [b], seed: 1)[0].W1 / area, 1e-12);
        a[57] = double.NaN;
        Assert.Contains("value 57 is NaN", Assert.Throws<ArgumentException>(() => Wasserstein.Distance(a, b)).Message);
        a[57] = double.PositiveInfinity;
        Assert.Contains("infinity", Assert.Throws<ArgumentException>(() => Wasserstein.Distance(a, b)).Message);
    }

    [Fact]
    public void Minus_zero_is_zero()
    {
        Assert.Equal(0, Wasserstein.Distance([-0.0, 0.0, -0.0], [0.0, -0.0]));
        Assert.Equal(0, KolmogorovSmirnov.Test([-0.0, 0.0, -0.0], [0.0, -0.0]).D);
        Assert.Equal(1, KolmogorovSmirnov.Test([-0.0, 0.0, -0.0], [0.0, -0.0]).PValue);
    }

    [Fact]
    public void Samples_that_cannot_be_compared_are_refused()
    {
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Test([], [1.0])).Message);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Wasserstein.Distance([1.0], [])).Message);
        Assert.Contains("value 1 is NaN", Assert.Throws<ArgumentException>(() => Wasserstein.Distance([1.0, double.NaN], [1.0])).Message);
        Assert.Contains("infinity", Assert.Throws<ArgumentException>(() => Wasserstein.Distance([1.0], [double.NegativeInfinity])).Message);
        Assert.Contains("infinity", Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Test([double.PositiveInfinity], [1.0])).Message);
    }

    private static void Near(JsonElement expected, string name, double found, double relative)
    {
        double value = Fixture.Number(expected.GetProperty(name));
        Assert.True(Math.Abs(value - found) <= relative * Math.Max(Math.Abs(value), 1e-3), $"{name}: {value:R} became {found:R}");
    }

    private static double Share(double[] values, double at) => values.Count(v => v <= at) / (double)values.Length;
}
