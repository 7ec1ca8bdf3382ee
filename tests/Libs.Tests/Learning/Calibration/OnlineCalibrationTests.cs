using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

public sealed class OnlineCalibrationTests
{
    [Fact]
    public void A_right_calibrator_rarely_alarms()
    {
        int alarms = 0;
        for (int run = 0; run < 100; run++)
        {
            var watched = new OnlineCalibration(Identity.Instance);
            alarms += FirstAlarm(watched, run, 10_000, CalibrationSample.Sigmoid) is null ? 0 : 1;
        }
        // 20 bins looked at all along 10,000 outcomes: one run in ten or so.
        Assert.InRange(alarms, 0, 15);
    }

    [Fact]
    public void A_calibrator_that_has_become_wrong_alarms_soon_and_a_new_fit_mends_it()
    {
        for (int run = 0; run < 20; run++)
        {
            var watched = new OnlineCalibration(new Platt(1, 0));
            int? at = FirstAlarm(watched, 100 + run, 5_000, f => CalibrationSample.Sigmoid(0.5 * f - 1));
            Assert.InRange(at ?? int.MaxValue, 1, 2_000);
            FirstAlarm(watched, 200 + run, 5_000, f => CalibrationSample.Sigmoid(0.5 * f - 1));

            Platt mended = watched.Refit();

            Assert.Same(mended, watched.Current);
            Assert.False(watched.Alarm);
            Assert.Equal(0.5, mended.A, 0.1);
            Assert.Equal(-1, mended.B, 0.15);
        }
    }

    [Fact]
    public void Only_the_newest_outcomes_are_kept_and_fitted()
    {
        var watched = new OnlineCalibration(Identity.Instance, new OnlineCalibrationOptions { Window = 50 });
        CalibrationSample s = CalibrationSample.Draw(20, 130, CalibrationSample.Sigmoid);
        for (int i = 0; i < s.Rows; i++) watched.Add(s.Margins[i], s.Labels[i]);

        Assert.Equal(50, watched.Kept);
        Assert.Equal(Platt.Fit(s.Margins.AsSpan(80), s.Labels.AsSpan(80)), watched.Refit());
    }

    [Fact]
    public void Drift_and_its_variance_are_fading_sums_and_bins_split_at_twentieths()
    {
        var watched = new OnlineCalibration(new Isotonic([0, 1], [0, 1]), new OnlineCalibrationOptions { Rate = 0.1 });
        (double, bool)[] outcomes = [(0.5, true), (0.5, false), (0.54, true), (0.55, true), (1, true), (0, false)];
        foreach ((double q, bool y) in outcomes) watched.Add(q, y);

        CalibrationBin bin = watched.Watched[10];
        Assert.Equal(3, bin.Outcomes);
        Assert.Equal(0.1 * (0.81 * 0.5 - 0.9 * 0.5 + 0.46), bin.Drift, 1e-15);
        Assert.Equal(0.01 * (0.25 * (0.6561 + 0.81) + 0.54 * 0.46), bin.Variance, 1e-15);
        Assert.Equal(bin.Drift / Math.Sqrt(bin.Variance), bin.Z, 1e-15);
        Assert.Equal([1, 1, 1], ((int[])[0, 11, 19]).Select(b => watched.Watched[b].Outcomes));
        Assert.Equal(0, watched.Watched[5].Z);
    }

    [Fact]
    public void What_is_restored_continues_bit_for_bit()
    {
        var options = new OnlineCalibrationOptions { Window = 40, Rate = 0.02, AlarmZ = 3, LeastVariance = 1 };
        var whole = new OnlineCalibration(new Beta(0.5, 1, 0.25), options);
        CalibrationSample s = CalibrationSample.Draw(21, 100, CalibrationSample.Sigmoid);
        for (int i = 0; i < 60; i++) whole.Add(s.Margins[i], s.Labels[i]);
        byte[] saved = whole.Save();

        OnlineCalibration restored = OnlineCalibration.Restore(saved);

        Assert.Equal(saved, restored.Save());
        for (int i = 60; i < 100; i++)
        {
            whole.Add(s.Margins[i], s.Labels[i]);
            restored.Add(s.Margins[i], s.Labels[i]);
        }
        whole.Refit();
        restored.Refit();
        Assert.Equal(whole.Save(), restored.Save());
        for (int cut = 0; cut < saved.Length; cut++) Assert.Throws<InvalidDataException>(() => OnlineCalibration.Restore(saved.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => OnlineCalibration.Restore([.. saved, 0]));
    }

    [Fact]
    public void Bad_outcomes_and_options_are_refused()
    {
        var watched = new OnlineCalibration(Identity.Instance);
        Assert.Throws<ArgumentException>(() => watched.Add(double.NaN, true));
        Assert.Throws<ArgumentException>(() => watched.Add(double.PositiveInfinity, true));
        Assert.Throws<InvalidOperationException>(() => watched.Refit());
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineCalibration(Identity.Instance, new OnlineCalibrationOptions { Window = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineCalibration(Identity.Instance, new OnlineCalibrationOptions { Rate = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineCalibration(Identity.Instance,
            new OnlineCalibrationOptions { AlarmZ = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineCalibration(Identity.Instance,
            new OnlineCalibrationOptions { LeastVariance = -1 }));
    }

    private static int? FirstAlarm(OnlineCalibration watched, int seed, int outcomes, Func<double, double> probability)
    {
        var random = new SplitMix64(seed);
        int? first = null;
        for (int i = 1; i <= outcomes; i++)
        {
            double f = 2 * random.NextNormal();
            watched.Add(f, random.NextDouble() < probability(f));
            if (first is null && watched.Alarm) first = i;
        }
        return first;
    }
}
