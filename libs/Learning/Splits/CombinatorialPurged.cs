namespace QuadTurbo.Learning.Splits;

/// <summary>Combinatorial purged cross-validation: every choice of test blocks is a split, and the splits string together to whole paths.</summary>
/// <remarks>
/// N groups, k of them tested: C(N, k) splits and C(N, k) k / N paths through all of time; 15 and 5 for N = 6, k = 2.
/// Training rows are purged and embargoed at each test group as in <see cref="PurgedKFold"/> (López de Prado 2018, 12.3).
/// </remarks>
public sealed class CombinatorialPurged
{
    /// <summary>Prepares all splits.</summary>
    /// <param name="spans">Of every row, in any order.</param>
    /// <param name="lookBack">How far the longest feature looks back, ticks.</param>
    /// <param name="groups">N, at least 2.</param>
    /// <param name="testGroups">k, 1 to N − 1.</param>
    /// <exception cref="ArgumentException">A span ends before it starts, rows are fewer than groups, or a split keeps no training row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The groups or the look-back are out of range.</exception>
    public CombinatorialPurged(ReadOnlySpan<LabelSpan> spans, long lookBack, int groups = 6, int testGroups = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 2);
        if (groups > 16) throw new ArgumentOutOfRangeException(nameof(groups), groups, "16 at most: the splits would be too many");
        if (testGroups < 1 || testGroups >= groups) throw new ArgumentOutOfRangeException(nameof(testGroups), testGroups, $"1 to {groups - 1}");
        var blocks = new TimeBlocks(spans, groups);
        long embargo = PurgedKFold.Embargo(spans, lookBack);
        int[][] tested = [.. Choices(groups, testGroups)];
        Splits = [.. tested.Select(choice => PurgedKFold.Beside(blocks, choice, embargo))];
        Groups = [.. Enumerable.Range(0, groups).Select(g => (IReadOnlyList<int>)TimeBlocks.Ascending(blocks.Rows(g, g + 1)))];
        int[][] splitsOf =
            [.. Enumerable.Range(0, groups).Select(g => Enumerable.Range(0, tested.Length).Where(s => tested[s].Contains(g)).ToArray())];
        Paths = [.. Enumerable.Range(0, splitsOf[0].Length).Select(p => (IReadOnlyList<int>)[.. splitsOf.Select(s => s[p])])];
    }

    /// <summary>One for each choice of test groups, in lexicographic order.</summary>
    public IReadOnlyList<Split> Splits { get; }

    /// <summary>Rows of each group, groups in order of time.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups { get; }

    /// <summary>Paths[p][g]: which split's predictions path p takes for group g; no split serves a group twice.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Paths { get; }

    private static IEnumerable<int[]> Choices(int groups, int chosen)
    {
        int[] choice = [.. Enumerable.Range(0, chosen)];
        while (true)
        {
            yield return [.. choice];
            int at = chosen - 1;
            while (at >= 0 && choice[at] == groups - chosen + at) at--;
            if (at < 0) yield break;
            choice[at]++;
            for (int i = at + 1; i < chosen; i++) choice[i] = choice[i - 1] + 1;
        }
    }
}
