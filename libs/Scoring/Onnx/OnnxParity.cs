using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>Whether the ONNX export of trees says what the trees say.</summary>
public static class OnnxParity
{
    private static readonly int[] Batches = [1, 7, 1024];

    /// <summary>The largest difference between a head's scores and those of ONNX Runtime running its export, in batches of 1, 7 and 1,024.</summary>
    /// <param name="head">The trees.</param>
    /// <param name="rows">Rows that are drawn; each goes through every size of batch.</param>
    /// <param name="seed">Seed of the rows: a third of the values lie on a cut, a third one float beside, the rest anywhere or missing.</param>
    /// <returns>In the unit of the score; ∞ where one of the two says NaN.</returns>
    /// <exception cref="ModelRefusedException">The export does not pass <see cref="OnnxFile.Check"/>.</exception>
    /// <exception cref="OnnxException">ONNX Runtime refuses the export, or is not there.</exception>
    public static double LargestDifference(TreesHead head, int rows, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        byte[] model = head.ToOnnx();
        if (head.Calibrator is not null) OnnxFile.Check(model);
        using var session = OnnxSession.Load(model);
        int columns = head.Ensemble.Features;
        float[] drawn = Draw(head.Ensemble, rows, seed);
        var ours = new double[rows];
        head.Score(drawn, ours);
        var theirs = new float[rows];
        double largest = 0;
        foreach (int batch in Batches)
        {
            for (int start = 0; start < rows; start += batch)
            {
                int count = Math.Min(batch, rows - start);
                ReadOnlySpan<float> block = drawn.AsSpan(start * columns, count * columns);
                session.Run(block, [count, columns], session.Outputs.Count - 1, theirs.AsSpan(start, count), [count, 1]);
            }
            for (int i = 0; i < rows; i++)
            {
                double apart = Math.Abs(ours[i] - theirs[i]);
                largest = Math.Max(largest, double.IsNaN(apart) ? double.PositiveInfinity : apart);
            }
        }
        return largest;
    }

    private static float[] Draw(TreeEnsemble ensemble, int rows, ulong seed)
    {
        var cuts = new List<float>[ensemble.Features];
        for (int f = 0; f < cuts.Length; f++) cuts[f] = [];
        for (int t = 0; t < ensemble.Count; t++)
            foreach (TreeNode node in ensemble[t])
                if (!node.IsLeaf) cuts[node.Feature].Add(node.Cut);
        var random = new SplitMix64((long)seed);
        var values = new float[rows * ensemble.Features];
        for (int i = 0; i < values.Length; i++)
        {
            List<float> of = cuts[i % ensemble.Features];
            int kind = random.NextInt(12);
            float cut = of.Count > 0 ? of[random.NextInt(of.Count)] : 0;
            values[i] = kind switch
            {
                < 4 => cut,
                < 6 => MathF.BitDecrement(cut),
                < 8 => MathF.BitIncrement(cut),
                8 => float.NaN,
                _ => (float)(cut + 2 * random.NextNormal()),
            };
        }
        return values;
    }
}
