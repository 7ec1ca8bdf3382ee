using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Search;

/// <summary>A density over some parameters of a space, made of the points of one group: every point a product of kernels, and one wide one.</summary>
/// <remarks>
/// All kernels weigh the same. Widths of a single parameter: the larger distance to the neighbours in value; of parameters
/// drawn together: 0.2 × range × n^(−1 / (d + 4)) (Scott 1992). Both within [range / min(100, n + 1), range], n points; the wide one has the range.
/// Sources: Bergstra, Bardenet, Bengio and Kégl 2011, section 4; Falkner, Klein and Hutter 2018 for the product.
/// </remarks>
internal sealed class ParzenMixture
{
    private readonly ParzenKernels[] _kernels;

    public ParzenMixture(IReadOnlyList<Parameter> parameters, double[][] points)
    {
        Func<Parameter, double[], double[]> width = parameters.Count == 1 ? NeighbourWidths : (p, means) => ScottWidths(p, means, parameters.Count);
        _kernels = [.. parameters.Select((p, i) => new ParzenKernels(p, [.. points.Select(x => x[i])], width))];
    }

    public double[] Draw(ref SplitMix64 random)
    {
        int kernel = random.NextInt(_kernels[0].Count);
        var point = new double[_kernels.Length];
        for (int i = 0; i < point.Length; i++) point[i] = _kernels[i].Draw(kernel, random.NextDouble());
        return point;
    }

    public double LogDensity(ReadOnlySpan<double> point)
    {
        double sum = 0;
        for (int kernel = 0; kernel < _kernels[0].Count; kernel++)
        {
            double product = 1;
            for (int i = 0; i < point.Length; i++) product *= _kernels[i].Probability(kernel, point[i]);
            sum += product;
        }
        return Math.Log(sum / _kernels[0].Count);
    }

    private static double[] NeighbourWidths(Parameter parameter, double[] means)
    {
        int[] order = Sorting.Order(means);
        var widths = new double[means.Length];
        for (int i = 0; i < order.Length; i++)
        {
            double below = i > 0 ? means[order[i]] - means[order[i - 1]] : 0;
            double above = i + 1 < order.Length ? means[order[i + 1]] - means[order[i]] : 0;
            widths[order[i]] = Math.Max(below, above);
        }
        return Hold(parameter, widths);
    }

    private static double[] ScottWidths(Parameter parameter, double[] means, int dimensions)
    {
        double range = parameter.ScaleHigh - parameter.ScaleLow;
        var widths = new double[means.Length];
        Array.Fill(widths, 0.2 * range * Math.Pow(Math.Max(means.Length - 1, 1), -1.0 / (dimensions + 4)));
        return Hold(parameter, widths);
    }

    private static double[] Hold(Parameter parameter, double[] widths)
    {
        double range = parameter.ScaleHigh - parameter.ScaleLow, least = range / Math.Min(100, widths.Length);
        for (int i = 0; i < widths.Length; i++) widths[i] = Math.Clamp(widths[i], least, range);
        widths[^1] = range;
        return widths;
    }
}
