using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Regimes;

/// <summary>Puts rows into clusters.</summary>
/// <remarks>Sources: Arthur and Vassilvitskii 2007, "k-means++", for the first centres; Lloyd 1982 for the steps.</remarks>
internal static class KMeans
{
    private const int MostSteps = 25;

    /// <summary>The cluster of each row, 0 .. <paramref name="clusters"/> − 1; one may be empty where rows are equal.</summary>
    /// <param name="rows">[n, columns], row-major, finite; n is at least 1.</param>
    public static int[] Assign(ReadOnlySpan<double> rows, int columns, int clusters, ref SplitMix64 random)
    {
        double[] centres = FirstCentres(rows, columns, clusters, ref random);
        var assigned = new int[rows.Length / columns];
        var sizes = new int[clusters];
        for (int step = 0; step < MostSteps; step++)
        {
            bool moved = false;
            for (int t = 0; t < assigned.Length; t++)
            {
                int nearest = Nearest(rows.Slice(t * columns, columns), centres);
                moved |= nearest != assigned[t];
                assigned[t] = nearest;
            }
            if (!moved && step > 0) break;
            Centre(rows, columns, assigned, centres, sizes);
        }
        return assigned;
    }

    private static double[] FirstCentres(ReadOnlySpan<double> rows, int columns, int clusters, ref SplitMix64 random)
    {
        int count = rows.Length / columns;
        var centres = new double[clusters * columns];
        var distance = new double[count];
        Array.Fill(distance, 1.0);
        for (int c = 0; c < clusters; c++)
        {
            double sum = 0;
            foreach (double d in distance) sum += d;
            // All rows lie on centres already: any will do.
            int chosen = sum > 0 ? Draw(distance, random.NextDouble() * sum) : random.NextInt(count);
            ReadOnlySpan<double> centre = rows.Slice(chosen * columns, columns);
            centre.CopyTo(centres.AsSpan(c * columns));
            for (int t = 0; t < count; t++)
            {
                double d = Distance(rows.Slice(t * columns, columns), centre);
                distance[t] = c == 0 ? d : Math.Min(distance[t], d);
            }
        }
        return centres;
    }

    private static int Draw(double[] weights, double at)
    {
        int last = 0;
        for (int t = 0; t < weights.Length; t++)
        {
            if (weights[t] <= 0) continue;
            last = t;
            at -= weights[t];
            if (at < 0) break;
        }
        return last;
    }

    private static int Nearest(ReadOnlySpan<double> row, double[] centres)
    {
        int nearest = 0;
        double least = double.PositiveInfinity;
        for (int c = 0; c < centres.Length / row.Length; c++)
        {
            double d = Distance(row, centres.AsSpan(c * row.Length, row.Length));
            if (d < least) (least, nearest) = (d, c);
        }
        return nearest;
    }

    private static void Centre(ReadOnlySpan<double> rows, int columns, int[] assigned, double[] centres, int[] sizes)
    {
        Array.Clear(sizes);
        foreach (int c in assigned) sizes[c]++;
        for (int c = 0; c < sizes.Length; c++)
            if (sizes[c] > 0) centres.AsSpan(c * columns, columns).Clear(); // An empty cluster keeps its centre.
        for (int t = 0; t < assigned.Length; t++)
            for (int j = 0; j < columns; j++) centres[assigned[t] * columns + j] += rows[t * columns + j] / sizes[assigned[t]];
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}
