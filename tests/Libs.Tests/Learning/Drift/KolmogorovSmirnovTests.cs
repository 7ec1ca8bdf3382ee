using System.Text.Json;
using QuadTurbo.Learning.Drift;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class KolmogorovSmirnovTests
{
    private static readonly Fixture Scipy = Fixture.Load("drift");

    // Sums of up to 20,000 rounded shares, none of them cancelling.
    [Fact]
    public void Exact_p_values_are_those_of_scipy()
    {
        foreach ((double[] sizes, JsonElement found) in Scipy.Inputs.GetProperty("pairs").EnumerateArray().Select(Fixture.Numbers).Zip(Rows("pairs")))
            foreach (double[] pair in found.EnumerateArray().Select(Fixture.Numbers))
            {
                double p = KolmogorovSmirnov.PValue((int)sizes[0], (int)sizes[1], pair[0], KsMethod.Exact);
                Assert.True(Math.Abs(p - pair[1]) <= 2e-12 * pair[1], $"{sizes[0]}, {sizes[1]}, {pair[0]}: {pair[1]:R} became {p:R}");
            }
    }

    // Where the tail is one minus a probability its last digits are absolute, in scipy as here.
    [Fact]
    public void P_values_by_the_one_sample_law_are_those_of_scipy()
    {
        foreach ((double size, JsonElement found) in Scipy.Input("oneSample").Zip(Rows("oneSample")))
            foreach (double[] pair in found.EnumerateArray().Select(Fixture.Numbers))
            {
                double p = pair[0] > 1 ? 0 : KolmogorovSmirnov.PValue(2 * (int)size, 2 * (int)size, pair[0], KsMethod.OneSample);
                Assert.True(Math.Abs(p - pair[1]) <= 1e-11 * pair[1] + 2e-12, $"{size}, {pair[0]}: {pair[1]:R} became {p:R}");
            }
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(6, 6)]
    [InlineData(1, 9)]
    [InlineData(3, 7)]
    [InlineData(8, 4)]
    public void An_exact_p_value_counts_all_orders_of_two_small_samples(int n, int m)
    {
        int[] orders = [.. Enumerable.Range(0, 1 << (n + m)).Where(bits => int.PopCount(bits) == n)];
        double[] distances = [.. orders.Select(bits => Distance(bits, n, m))];

        foreach (double d in distances.Distinct())
        {
            double share = distances.Count(x => x > d - 1e-9) / (double)orders.Length;
            Assert.Equal(share, KolmogorovSmirnov.PValue(n, m, d, KsMethod.Exact), 1e-13);
        }
    }

    [Theory]
    [InlineData(100, 0.19)]
    [InlineData(500, 0.09)]
    [InlineData(10_000, 0.025)]
    public void The_series_errs_by_little_where_the_exact_law_would_cost(int window, double d)
    {
        double exact = KolmogorovSmirnov.PValue(10_000, window, d, KsMethod.Exact);
        double series = KolmogorovSmirnov.PValue(10_000, window, d, KsMethod.Series);

        Assert.InRange(exact, 1e-5, 0.01);
        Assert.InRange(series / exact, 0.97, 1.03);
    }

    [Fact]
    public void Every_method_falls_from_one_to_nought()
    {
        foreach (KsMethod method in new[] { KsMethod.Exact, KsMethod.OneSample, KsMethod.Series })
        {
            double[] p = [.. Enumerable.Range(0, 101).Select(i => KolmogorovSmirnov.PValue(400, 300, i / 100.0, method))];

            Assert.Equal(1, p[0]);
            Assert.True(p[100] < 1e-50);
            Assert.All(p.Zip(p.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1e-12));
        }
    }

    [Fact]
    public void The_default_counts_paths_up_to_ten_thousand_values()
    {
        double[] few = Draw.Normals(50, "few");

        Assert.Equal(KsMethod.Exact, KolmogorovSmirnov.Test(Draw.Normals(10_000, "many"), few).Method);
        Assert.Equal(KsMethod.OneSample, KolmogorovSmirnov.Test(Draw.Normals(10_001, "many"), few).Method);
    }

    [Fact]
    public void What_is_no_distance_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KolmogorovSmirnov.PValue(0, 5, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => KolmogorovSmirnov.PValue(5, 0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => KolmogorovSmirnov.PValue(5, 5, 1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => KolmogorovSmirnov.PValue(5, 5, double.NaN));
    }

    private static JsonElement.ArrayEnumerator Rows(string name) => Scipy.Results.GetProperty(name).EnumerateArray();

    private static double Distance(int order, int n, int m)
    {
        double x = 0, y = 0, most = 0;
        for (int i = 0; i < n + m; i++)
        {
            if ((order >> i & 1) == 1) x++;
            else y++;
            most = Math.Max(most, Math.Abs(x / n - y / m));
        }
        return most;
    }
}
