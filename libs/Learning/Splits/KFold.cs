using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Splits;

/// <summary>K-fold splits of rows that do not depend on each other: every row is tested once. Rows in time need <see cref="PurgedKFold"/>.</summary>
public static class KFold
{
    /// <summary>Contiguous folds in row order; the first rows mod folds are one row larger.</summary>
    /// <exception cref="ArgumentException">There are fewer rows than folds.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds.</exception>
    public static IReadOnlyList<Split> InOrder(int rows, int folds) => OfOrder([.. Enumerable.Range(0, rows)], folds);

    /// <summary>Folds of rows in a random order.</summary>
    /// <inheritdoc cref="InOrder"/>
    public static IReadOnlyList<Split> Shuffled(int rows, int folds, long seed)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        SplitMix64.Stream(seed, "k-fold").Shuffle(order.AsSpan());
        return OfOrder(order, folds);
    }

    /// <summary>Folds of rows in a random order in which each class, and all rows, are spread evenly: counts differ by one at most.</summary>
    /// <inheritdoc cref="InOrder"/>
    public static IReadOnlyList<Split> Stratified(ReadOnlySpan<bool> labels, int folds, long seed)
    {
        CheckFolds(labels.Length, folds);
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        SplitMix64.Stream(seed, "k-fold").Shuffle(order.AsSpan());
        var foldOf = new int[order.Length];
        int dealt = 0;
        foreach (bool label in (ReadOnlySpan<bool>)[true, false])
            foreach (int row in order)
                if (labels[row] == label) foldOf[row] = dealt++ % folds;
        return OfFolds(foldOf, folds);
    }

    private static Split[] OfOrder(int[] order, int folds)
    {
        CheckFolds(order.Length, folds);
        int[] cuts = TimeBlocks.Cuts(order.Length, folds), foldOf = new int[order.Length];
        for (int k = 0; k < folds; k++)
            for (int i = cuts[k]; i < cuts[k + 1]; i++) foldOf[order[i]] = k;
        return OfFolds(foldOf, folds);
    }

    private static Split[] OfFolds(int[] foldOf, int folds)
    {
        var splits = new Split[folds];
        for (int k = 0; k < folds; k++)
        {
            int[] test = [.. Enumerable.Range(0, foldOf.Length).Where(i => foldOf[i] == k)];
            splits[k] = Split.Plain([.. Enumerable.Range(0, foldOf.Length).Where(i => foldOf[i] != k)], test, foldOf.Length);
        }
        return splits;
    }

    private static void CheckFolds(int rows, int folds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        if (rows < folds) throw new ArgumentException($"{rows} rows cannot be cut into {folds} folds", nameof(folds));
    }
}
