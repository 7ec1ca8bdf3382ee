using QuadTurbo.Learning.Calibration;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

public sealed class VennAbersTests
{
    [Fact]
    public void Both_ends_are_those_of_isotonic_fits_with_the_sample_itself_as_0_and_as_1()
    {
        for (int seed = 0; seed < 120; seed++)
        {
            CalibrationSample s = CalibrationSample.Draw(seed, 1 + seed % 40, CalibrationSample.Sigmoid, digits: seed % 3);
            var predictor = VennAbers.Fit(s.Margins, s.Labels);
            foreach (double f in (double[])[.. s.Margins, .. s.Margins.Select(m => m + 0.0501), -99, 99])
            {
                VennAbersInterval found = predictor.At(f);
                Assert.Equal(Refit(false), found.P0, 1e-12);
                Assert.Equal(Refit(true), found.P1, 1e-12);

                double Refit(bool label) => IsotonicRegression.Fit([.. s.Margins, f], [.. s.Labels, label]).Apply(f);
            }
        }
    }

    [Fact]
    public void Both_ends_rise_with_the_margin_and_lie_in_order()
    {
        CalibrationSample s = CalibrationSample.Draw(12, 3000, f => CalibrationSample.Sigmoid(0.7 * f), digits: 3);
        var predictor = VennAbers.Fit(s.Margins, s.Labels);
        VennAbersInterval before = default;
        for (double f = -9; f < 9; f += 0.001)
        {
            VennAbersInterval at = predictor.At(f);
            Assert.True(at.P0 >= before.P0 && at.P1 >= before.P1 && at.P0 <= at.P1, $"{at} after {before}");
            Assert.InRange(at.Probability, at.P0, at.P1);
            before = at;
        }
    }

    [Fact]
    public void Confidence_grows_with_the_sample_and_is_none_where_there_is_none()
    {
        double few = Confidence(20), more = Confidence(2000);
        Assert.True(few < more && more > 0.9, $"{few} and {more}");
        Assert.Equal(new VennAbersInterval(0, 1), VennAbers.Fit([0], [true]).At(-1));
        Assert.Equal(new VennAbersInterval(0, 1), VennAbers.Fit([0, 1], [true, false]).At(double.NaN));
        Assert.Equal(0, VennAbers.Fit([0], [true]).At(-1).Confidence);
        Assert.Equal(new VennAbersInterval(0.5, 1), VennAbers.Fit([0], [true]).At(0));
        Assert.Equal(2.0 / 3, VennAbers.Fit([0], [true]).At(0).Probability, 1e-15);

        static double Confidence(int rows)
        {
            CalibrationSample s = CalibrationSample.Draw(13, rows, CalibrationSample.Sigmoid);
            return VennAbers.Fit(s.Margins, s.Labels).At(0).Confidence;
        }
    }

    [Fact]
    public void The_interval_holds_the_frequency_of_wins()
    {
        CalibrationSample fit = CalibrationSample.Draw(14, 2000, f => CalibrationSample.Sigmoid(0.5 * f - 0.5));
        CalibrationSample fresh = CalibrationSample.Draw(15, 40_000, f => CalibrationSample.Sigmoid(0.5 * f - 0.5));
        var predictor = VennAbers.Fit(fit.Margins, fit.Labels);

        double low = fresh.Margins.Average(f => predictor.At(f).P0), high = fresh.Margins.Average(f => predictor.At(f).P1);

        // 2,000 calibration rows leave a standard error of 0.01 in the overall rate.
        Assert.InRange(fresh.Labels.Average(l => l ? 1.0 : 0.0), low - 0.03, high + 0.03);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(64)]
    [InlineData(2)]
    public void A_table_holds_the_exact_interval_and_overstates_its_width_by_no_more_than_it_says(int steps)
    {
        CalibrationSample s = CalibrationSample.Draw(16, 20_000, f => CalibrationSample.Sigmoid(0.7 * f + 0.5 * Math.Sin(3 * f)), digits: 3);
        var exact = VennAbers.Fit(s.Margins, s.Labels);

        VennAbersTable table = exact.ToTable(steps);

        Assert.InRange(table.MaxError, 0, 1.0 / (steps - 1));
        Assert.InRange(table.Steps, 1, steps);
        foreach (double margin in (double[])[.. s.Margins.Distinct(), double.NegativeInfinity, double.PositiveInfinity, double.MaxValue])
        {
            foreach (double f in (double[])[Math.BitDecrement(margin), margin, Math.BitIncrement(margin)])
            {
                VennAbersInterval at = exact.At(f), found = table.At(f);
                Assert.InRange(found.P0, at.P0 - table.MaxError - 1e-15, at.P0);
                Assert.InRange(found.P1, at.P1, at.P1 + table.MaxError + 1e-15);
            }
        }
        Assert.Equal(new VennAbersInterval(0, 1), table.At(double.NaN));
    }

    [Fact]
    public void A_small_sample_fits_a_table_without_error()
    {
        CalibrationSample s = CalibrationSample.Draw(17, 400, CalibrationSample.Sigmoid);
        var exact = VennAbers.Fit(s.Margins, s.Labels);
        VennAbersTable table = exact.ToTable();

        Assert.Equal(0, table.MaxError);
        foreach (double f in s.Margins) Assert.Equal(exact.At(f), table.At(f));
    }

    [Fact]
    public void A_table_survives_its_bytes_and_its_look_up_allocates_nothing()
    {
        CalibrationSample s = CalibrationSample.Draw(18, 500, CalibrationSample.Sigmoid);
        VennAbersTable table = VennAbers.Fit(s.Margins, s.Labels).ToTable(16);
        byte[] bytes = table.ToBytes();

        VennAbersTable again = VennAbersTable.FromBytes(bytes);

        Assert.Equal(bytes, again.ToBytes());
        for (double f = -6; f < 6; f += 0.01) Assert.Equal(table.At(f), again.At(f));
        for (int cut = 0; cut < bytes.Length; cut++) Assert.Throws<InvalidDataException>(() => VennAbersTable.FromBytes(bytes.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => VennAbersTable.FromBytes([.. bytes, 0]));

        double sum = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) sum += again.At(0.01 * i - 5).Confidence;
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sum > 0);
    }

    [Fact]
    public void Bad_rows_and_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => VennAbers.Fit([], []));
        Assert.Throws<ArgumentException>(() => VennAbers.Fit([1, 2], [true]));
        Assert.Contains("margin 1", Assert.Throws<ArgumentException>(() => VennAbers.Fit([1, double.NaN], [true, false])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => VennAbers.Fit([1], [true]).ToTable(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VennAbers.Fit([1], [true]).ToTable(257));
    }
}
