using System.Text.Json;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Online;

namespace QuadTurbo.Libs.Tests.Learning.Calibration;

/// <summary>Margins, labels and weights to calibrate on.</summary>
internal sealed record CalibrationSample(double[] Margins, bool[] Labels, double[] Weights)
{
    public int Rows => Margins.Length;

    /// <summary>Margins normal with deviation 2; labels drawn with the given probability.</summary>
    public static CalibrationSample Draw(long seed, int rows, Func<double, double> probability, int digits = 15)
    {
        var random = new SplitMix64(seed);
        var sample = new CalibrationSample(new double[rows], new bool[rows], new double[rows]);
        for (int i = 0; i < rows; i++)
        {
            sample.Margins[i] = Math.Round(2 * random.NextNormal(), digits);
            sample.Labels[i] = random.NextDouble() < probability(sample.Margins[i]);
            sample.Weights[i] = 0.1 + random.NextDouble();
        }
        return sample;
    }

    public static double Sigmoid(double z) => Logistic.Sigmoid(z);

    public static CalibrationSample Of(JsonElement inputs) => new(
        Fixture.Numbers(inputs.GetProperty("margins")),
        [.. Fixture.Numbers(inputs.GetProperty("labels")).Select(l => l == 1)],
        Fixture.Numbers(inputs.GetProperty("weights")));
}
