using QuadTurbo.Learning.Drift;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Drift;

public class AdwinTests
{
    [Theory]
    [InlineData("coins")]
    [InlineData("bells")]
    public void It_cuts_where_a_window_kept_in_full_is_cut(string kind)
    {
        SplitMix64 random = SplitMix64.Stream(3, kind);
        var adwin = new Adwin();
        var naive = new FullWindow(0.002);
        int cuts = 0;
        for (int i = 0; i < 3_000; i++)
        {
            double level = i / 500 % 2 == 0 ? 0.2 : 0.6;
            double value = kind == "coins" ? (random.NextDouble() < level ? 1 : 0) : level + 0.1 * random.NextNormal();
            bool expected = naive.Add(value);
            if (expected) cuts++;

            Assert.Equal(expected, adwin.Add(value));
            Assert.Equal(naive.Values.Count, adwin.Length);
            Assert.Equal(naive.Values.Average(), adwin.Mean, 1e-11);
            Assert.Equal(FullWindow.Variance(naive.Values), adwin.Variance, 1e-11);
        }
        Assert.True(cuts >= 4);
        Assert.Equal(cuts, adwin.Cuts);
    }

    [Fact]
    public void A_mean_that_moves_by_one_deviation_is_found_within_200_values()
    {
        int found = 0;
        for (int trial = 0; trial < 100; trial++)
        {
            SplitMix64 random = SplitMix64.Stream(trial, "adwin-shift");
            var adwin = new Adwin();
            for (int i = 0; i < 1_000; i++) adwin.Add(0.3 + 0.1 * random.NextNormal());
            long before = adwin.Cuts;
            for (int i = 0; i < 200 && adwin.Cuts == before; i++) adwin.Add(0.4 + 0.1 * random.NextNormal());
            if (adwin.Cuts > before) found++;
        }

        Assert.InRange(found, 95, 100);
    }

    [Fact]
    public void Steady_errors_are_cut_less_than_once_in_ten_thousand()
    {
        SplitMix64 random = SplitMix64.Stream(1, "adwin-steady");
        var adwin = new Adwin();
        for (int i = 0; i < 200_000; i++) adwin.Add(random.NextDouble() < 0.3 ? 1 : 0);

        Assert.InRange(adwin.Cuts, 0, 20);
        Assert.Equal(0.3, adwin.Mean, 0.02);
    }

    [Fact]
    public void Equal_values_are_never_cut_and_nothing_has_no_mean()
    {
        var adwin = new Adwin();
        Assert.Equal(double.NaN, adwin.Mean);
        Assert.Equal(double.NaN, adwin.Variance);
        for (int i = 0; i < 5_000; i++) Assert.False(adwin.Add(0.7));
        Assert.Equal(0.7, adwin.Mean, 1e-12);
        Assert.Equal(5_000, adwin.Length);
    }

    [Fact]
    public void What_is_no_number_is_refused()
    {
        var adwin = new Adwin();
        Assert.Throws<ArgumentOutOfRangeException>(() => adwin.Add(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => adwin.Add(double.PositiveInfinity));
        Assert.Equal(0, adwin.Seen);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adwin(0));
    }

    /// <summary>The same rule with every value kept and every sum made anew: O(n²).</summary>
    private sealed class FullWindow(double delta)
    {
        private readonly List<int> _sizes = [];
        private int _seen;

        public List<double> Values { get; } = [];

        public bool Add(double value)
        {
            Values.Add(value);
            _sizes.Add(1);
            for (int size = 1; _sizes.Count(s => s == size) > 5; size *= 2)
            {
                int oldest = _sizes.IndexOf(size);
                _sizes[oldest] = 2 * size;
                _sizes.RemoveAt(oldest + 1);
            }
            if (++_seen % 32 != 0) return false;
            bool cut = false;
            for (; HasCut(); cut = true)
            {
                Values.RemoveRange(0, _sizes[0]);
                _sizes.RemoveAt(0);
            }
            return cut;
        }

        public static double Variance(List<double> values)
        {
            double mean = values.Average();
            return values.Sum(v => (v - mean) * (v - mean)) / values.Count;
        }

        private bool HasCut()
        {
            int n = Values.Count;
            double logarithm = Math.Log(2 / (delta / Math.Log(n))), variance = Variance(Values);
            for (int i = 1; i < _sizes.Count; i++)
            {
                int left = _sizes.Take(i).Sum(), right = n - left;
                if (left < 5 || right < 5) continue;
                double m = 1 / (1.0 / left + 1.0 / right);
                double epsilon = Math.Sqrt(2 / m * variance * logarithm) + 2 / (3 * m) * logarithm;
                if (Math.Abs(Values.Take(left).Average() - Values.Skip(left).Average()) >= epsilon) return true;
            }
            return false;
        }
    }
}
