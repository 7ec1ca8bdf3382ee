using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Learning;

/// <summary>Rows of 32 features whose labels are drawn from known log-odds.</summary>
/// <param name="Rows">[n][32]</param>
/// <param name="Labels">[n]</param>
/// <param name="Truth">[n] the probability that each label was drawn from.</param>
internal sealed record GeneratedWorld(float[][] Rows, bool[] Labels, double[] Truth)
{
    /// <summary>Columns 0 to 3 add to the log-odds; column 31 is the product of 4 and 5, whose effect neither shows alone.</summary>
    public const int Product = 31;

    public static GeneratedWorld Create(long seed, int count, double additive, double interaction, double bias = 0, bool rough = false)
    {
        SeededRandom random = SeededRandom.Stream(seed, "generated-world");
        var rows = new float[count][];
        var labels = new bool[count];
        var truth = new double[count];
        for (int i = 0; i < count; i++)
        {
            var row = new float[32];
            for (int f = 0; f < row.Length; f++) row[f] = (float)random.NextNormal();
            row[Product] = row[4] * row[5];
            truth[i] = 1 / (1 + Math.Exp(-bias - additive * (row[0] + row[1] + row[2] + row[3]) - interaction * row[Product]));
            labels[i] = random.NextDouble() < truth[i];
            if (rough) Roughen(row, ref random);
            rows[i] = row;
        }
        return new GeneratedWorld(rows, labels, truth);
    }

    public double[] Column(int feature) => Array.ConvertAll(Rows, r => (double)r[feature]);

    // Long tails, two-valued columns and one missing value in twenty.
    private static void Roughen(float[] row, ref SeededRandom random)
    {
        for (int f = 0; f < row.Length; f += 2) row[f] = 50 * MathF.Exp(1.2f * row[f]);
        for (int f = 6; f < Product; f += 5) row[f] = row[f] > 0 ? 1 : 0;
        for (int f = 0; f < row.Length; f++)
            if (random.NextDouble() < 0.05) row[f] = float.NaN;
    }
}
