using QuadTurbo.Learning.Calibration;
using QuadTurbo.Learning.Linear;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Onnx;
using QuadTurbo.Scoring.Onnx;

namespace QuadTurbo.Libs.Tests.Scoring.Onnx;

public class OnnxWritersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void A_logistic_regression_on_bins_says_in_ONNX_what_it_says_here(int most)
    {
        (OneHotBins bins, LogisticRegression model) = Fitted(most);
        var head = new OnnxHead(OnnxLogistic.Write(bins, model), null, 1);
        float[] rows = RowsOnCuts(bins, 2_000);
        double[] expected = new double[2_000], scores = new double[2_000];
        model.Predict(bins.Transform(rows), expected);

        head.Score(rows, scores);

        Assert.True(expected.Max() - expected.Min() > 0.5 || most == 1);
        for (int i = 0; i < scores.Length; i++) Assert.Equal(expected[i], scores[i], 1e-6);
    }

    public static TheoryData<string> Calibrators => ["platt", "beta", "isotonic"];

    [Theory]
    [MemberData(nameof(Calibrators))]
    public void A_calibrator_goes_with_it(string kind)
    {
        (OneHotBins bins, LogisticRegression model) = Fitted(8);
        float[] rows = RowsOnCuts(bins, 200);
        float[] binned = bins.Transform(rows);
        double[] margins = [.. Enumerable.Range(0, 200).Select(i => model.Margin(binned.AsSpan(i * bins.Width, bins.Width)))];
        bool[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 3 > 0 ^ margins[i] > 0)];
        Calibrator calibrator = kind switch
        {
            "platt" => Platt.Fit(margins, labels),
            "beta" => Beta.Fit(margins, labels),
            _ => Isotonic.Fit(margins, labels),
        };
        var head = new OnnxHead(OnnxLogistic.Write(bins, model, OnnxCalibrator.Of(calibrator)), null, 1);

        for (int i = 0; i < 200; i++) Assert.Equal(calibrator.Apply(margins[i]), head.Score(rows.AsSpan(i * 32, 32)), 2e-6);
    }

    [Fact]
    public void A_regression_on_other_bins_is_refused()
    {
        LogisticRegression model = Fitted(8).Model;

        Assert.Throws<ArgumentException>(() => OnnxLogistic.Write(Fitted(4).Bins, model));
    }

    [Fact]
    public void A_network_has_the_weights_of_its_seed_and_takes_what_is_missing_as_0()
    {
        Assert.Equal(OnnxNetwork.Write(1), OnnxNetwork.Write(1));
        Assert.NotEqual(OnnxNetwork.Write(1), OnnxNetwork.Write(2));
        var head = new OnnxHead(OnnxNetwork.Write(1), null, 1);
        float[] missing = OnnxBytes.Rows(20, seed: 1, missing: 0.3);
        float[] zeros = [.. missing.Select(v => float.IsNaN(v) ? 0 : v)];
        double[] ofMissing = new double[20], ofZeros = new double[20];

        head.Score(missing, ofMissing);
        head.Score(zeros, ofZeros);

        Assert.Equal(ofZeros, ofMissing);
        Assert.True(ofZeros.Max() - ofZeros.Min() > 0.1);
    }

    /// <summary>The network in float64, from the numbers that its stream draws.</summary>
    [Fact]
    public void A_network_computes_two_layers()
    {
        var random = SplitMix64.Stream(7, "onnx network");
        double[] first = Draw(32 * 5, 32, ref random), second = Draw(5, 5, ref random);
        float[] row = OnnxBytes.Rows(1, seed: 8, missing: 0);
        double margin = 0;
        for (int h = 0; h < 5; h++)
        {
            double sum = 0;
            for (int j = 0; j < 32; j++) sum += row[j] * first[j * 5 + h];
            margin += Math.Max(0, sum) * second[h];
        }

        double score = new OnnxHead(OnnxNetwork.Write(7, hidden: 5, calibrator: OnnxCalibrator.Temperature(2)), null, 1).Score(row);

        Assert.Equal(1 / (1 + Math.Exp(-margin / 2)), score, 1e-6);

        static double[] Draw(int count, int inputs, ref SplitMix64 random)
        {
            var drawn = new double[count];
            for (int i = 0; i < count; i++) drawn[i] = Math.Sqrt(2.0 / inputs) * random.NextNormal();
            return drawn;
        }
    }

    private static (OneHotBins Bins, LogisticRegression Model) Fitted(int most)
    {
        float[] rows = OnnxBytes.Rows(600, seed: 11, missing: 0.05);
        bool[] labels = [.. Enumerable.Range(0, 600).Select(i => Math.Abs(rows[i * 32]) > 1.2f || float.IsNaN(rows[i * 32 + 1]))];
        OneHotBins bins = OneHotBins.Fit(rows, 32, most);
        return (bins, LogisticRegression.Fit(bins.Transform(rows), bins.Width, labels));
    }

    /// <summary>A third on cuts, a third one float beside one, the rest anywhere, missing or infinite.</summary>
    private static float[] RowsOnCuts(OneHotBins bins, int count)
    {
        var random = new SplitMix64(12);
        float[] rows = OnnxBytes.Rows(count, seed: 13);
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> cuts = bins.Cuts(i % 32);
            float cut = cuts.Length > 0 ? cuts[random.NextInt(cuts.Length)] : 0;
            rows[i] = random.NextInt(10) switch
            {
                0 or 1 or 2 => cut,
                3 or 4 => MathF.BitDecrement(cut),
                5 => MathF.BitIncrement(cut),
                6 => float.PositiveInfinity * (random.NextInt(2) - 0.5f),
                _ => rows[i],
            };
        }
        return rows;
    }
}
