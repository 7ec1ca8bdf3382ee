using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Splits;

namespace QuadTurbo.Libs.Tests.Learning.Splits;

public sealed class CrossValidationTests
{
    [Fact]
    public void Every_row_is_tested_once_and_learned_from_in_all_other_folds()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int, int, long)>(), drawn =>
        {
            int folds = 2 + Math.Abs(drawn.Item1 % 8), rows = folds + Math.Abs(drawn.Item2 % 90);
            bool[] labels = [.. Enumerable.Range(0, rows).Select(i => (i * 7 + drawn.Item3) % 3 == 0)];
            foreach (IReadOnlyList<Split> splits in (IReadOnlyList<Split>[])
                [KFold.InOrder(rows, folds), KFold.Shuffled(rows, folds, drawn.Item3), KFold.Stratified(labels, folds, drawn.Item3)])
            {
                Assert.Equal(folds, splits.Count);
                Assert.Equal(Enumerable.Range(0, rows), splits.SelectMany(s => s.Test).Order());
                Assert.All(splits, s => Assert.Equal(Enumerable.Range(0, rows).Except(s.Test), s.Train));
                Assert.InRange(splits.Max(s => s.Test.Count) - splits.Min(s => s.Test.Count), 0, 1);
            }
            int[] positives = [.. KFold.Stratified(labels, folds, drawn.Item3).Select(s => s.Test.Count(i => labels[i]))];
            Assert.InRange(positives.Max() - positives.Min(), 0, 1);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Folds_in_order_are_contiguous_and_shuffled_ones_follow_their_seed()
    {
        Assert.Equal([[0, 1, 2], [3, 4], [5, 6]], KFold.InOrder(7, 3).Select(s => s.Test));
        Assert.Equal(KFold.Shuffled(50, 5, 1).Select(s => s.Test), KFold.Shuffled(50, 5, 1).Select(s => s.Test));
        Assert.NotEqual(KFold.Shuffled(50, 5, 1).Select(s => s.Test), KFold.Shuffled(50, 5, 2).Select(s => s.Test));
    }

    [Fact]
    public void Purged_folds_keep_every_row_that_does_not_touch_the_test_block_or_its_embargo()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(long, int, int, int)>(), drawn =>
        {
            LabelSpan[] spans = Spans.Draw(drawn.Item1, 40 + Math.Abs(drawn.Item2 % 100), Math.Abs(drawn.Item3 % 30));
            long lookBack = Math.Abs(drawn.Item4 % 20), embargo = PurgedKFold.Embargo(spans, lookBack);
            IReadOnlyList<Split> splits = PurgedKFold.Of(spans, 3, lookBack);
            Assert.Equal(Enumerable.Range(0, spans.Length), splits.SelectMany(s => s.Test).Order());
            for (int k = 0; k < 3; k++)
            {
                LabelSpan block = Spans.Hull(splits[k].Test, spans);
                IEnumerable<int> expected = Enumerable.Range(0, spans.Length).Except(splits[k].Test)
                    .Where(i => !Spans.Leak(spans[i], block, embargo));
                Assert.Equal(expected, splits[k].Train);
                Assert.All(splits[k].Train, i => Assert.All(splits[k].Test, j => Assert.False(Spans.Leak(spans[i], spans[j], embargo))));
                if (k > 0) Assert.True(splits[k - 1].Test.Max(i => spans[i].Start) <= block.Start);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_embargo_is_one_percent_of_all_time_or_the_look_back()
    {
        LabelSpan[] spans = [new(100, 150), new(0, 1), new(800, 1_001)];

        Assert.Equal(11, PurgedKFold.Embargo(spans, 0));
        Assert.Equal(11, PurgedKFold.Embargo(spans, 11));
        Assert.Equal(12, PurgedKFold.Embargo(spans, 12));
        Assert.Equal(LabelSpan.Limit / 50 + 1, PurgedKFold.Embargo([new(-LabelSpan.Limit, 0), new(0, LabelSpan.Limit)], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PurgedKFold.Embargo(spans, -1));
    }

    [Fact]
    public void Six_groups_two_tested_give_fifteen_splits_and_five_paths()
    {
        LabelSpan[] spans = Spans.Draw(1, 300, 5);
        var folds = new CombinatorialPurged(spans, lookBack: 3);

        Assert.Equal((15, 5, 6), (folds.Splits.Count, folds.Paths.Count, folds.Groups.Count));
        long embargo = PurgedKFold.Embargo(spans, 3);
        foreach (Split split in folds.Splits)
        {
            int[] tested = [.. Enumerable.Range(0, 6).Where(g => folds.Groups[g].All(split.Test.Contains))];
            Assert.Equal(2, tested.Length);
            Assert.Equal(tested.SelectMany(g => folds.Groups[g]).Order(), split.Test);
            IEnumerable<int> expected = Enumerable.Range(0, spans.Length).Except(split.Test)
                .Where(i => tested.All(g => !Spans.Leak(spans[i], Spans.Hull(folds.Groups[g], spans), embargo)));
            Assert.Equal(expected, split.Train);
        }
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(5, 3)]
    [InlineData(4, 1)]
    [InlineData(2, 1)]
    public void Each_path_takes_each_group_from_a_split_that_tests_it_and_none_twice(int groups, int testGroups)
    {
        var folds = new CombinatorialPurged(Spans.Draw(2, 400, 2), 0, groups, testGroups);
        int expected = folds.Splits.Count * testGroups / groups;

        Assert.Equal(expected, folds.Paths.Count);
        for (int g = 0; g < groups; g++)
        {
            Assert.All(folds.Paths, path => Assert.Subset(folds.Splits[path[g]].Test.ToHashSet(), folds.Groups[g].ToHashSet()));
            Assert.Equal(expected, folds.Paths.Select(p => p[g]).Distinct().Count());
        }
        Assert.Equal(Enumerable.Range(0, 400), folds.Groups.SelectMany(g => g).Order());
    }

    [Fact]
    public void Walking_forward_learns_from_all_that_was_known_and_nothing_later()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(long, int, int)>(), drawn =>
        {
            LabelSpan[] spans = Spans.Draw(drawn.Item1, 40 + Math.Abs(drawn.Item2 % 100), Math.Abs(drawn.Item3 % 9));
            IReadOnlyList<Split> splits = WalkForward.Of(spans, 4);
            Split holdout = WalkForward.Holdout(spans);
            Assert.Equal(splits.Sum(s => s.Test.Count), splits.SelectMany(s => s.Test).Distinct().Count());
            Assert.Equal((int)Math.Ceiling(0.2 * spans.Length), holdout.Test.Count);
            foreach (Split split in (IEnumerable<Split>)[.. splits, holdout])
            {
                long start = split.Test.Min(j => spans[j].Start);
                Assert.Equal(Enumerable.Range(0, spans.Length).Where(i => spans[i].End < start), split.Train);
            }
            int[] untested = [.. Enumerable.Range(0, spans.Length).Except(splits.SelectMany(s => s.Test))];
            Assert.Equal((spans.Length + 4) / 5, untested.Length);
            Assert.True(untested.Max(i => spans[i].Start) <= splits[0].Test.Min(i => spans[i].Start));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Splits_that_leave_nothing_to_learn_from_are_refused()
    {
        LabelSpan[] everlasting = [.. Enumerable.Range(0, 20).Select(i => new LabelSpan(i, 100))];
        Refused("no training row is left", () => PurgedKFold.Of(everlasting, 4, 0));
        Refused("no training row is left", () => _ = new CombinatorialPurged(everlasting, 0));
        Refused("no training label is known", () => WalkForward.Of(everlasting, 3));
        Refused("no training label is known", () => WalkForward.Holdout(everlasting));
        Refused("2 rows cannot be cut into 3", () => KFold.InOrder(2, 3));
        Refused("2 rows cannot be cut into 3", () => KFold.Stratified([true, false], 3, 1));
        Refused("0 rows cannot be cut into 2", () => PurgedKFold.Of([], 2, 0));
        Refused("1 rows cannot be split", () => WalkForward.Holdout([new(0, 1)]));
        Refused("folds", () => KFold.Shuffled(10, 1, 1));
        Refused("folds", () => WalkForward.Of(everlasting, 0));
        Refused("1 to 5", () => _ = new CombinatorialPurged(everlasting, 0, 6, 6));
        Refused("share", () => WalkForward.Holdout(everlasting, 1));
    }

    private static void Refused(string words, Action action) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
