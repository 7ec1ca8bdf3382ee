using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Splits;

namespace QuadTurbo.Libs.Tests.Learning.Splits;

public sealed class SplitTests
{
    private static readonly LabelSpan[] Rows = [new(0, 10), new(10, 20), new(21, 25), new(30, 31)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Labels_that_share_a_tick_may_not_stand_on_both_sides(int train, int test)
    {
        var leak = Assert.Throws<LeakingSplitException>(() => Split.Purged([train], [test], Rows, 0));

        Assert.Equal((train, test), (leak.TrainRow, leak.TestRow));
        Assert.Contains($"training row {train}", leak.Message, StringComparison.Ordinal);
        Assert.Contains($"test row {test}", leak.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void An_embargo_holds_off_what_starts_after_the_test_not_what_ends_before(long embargo, bool leaks)
    {
        // The test label ends at 25, the training label after it starts at 30.
        Exception? thrown = Record.Exception(() => Split.Purged([3], [2], Rows, embargo));

        Assert.Equal(leaks, thrown is LeakingSplitException);
        Assert.Equal([1], Split.Purged([1], [2], Rows, 1_000).Train);
    }

    [Fact]
    public void Learning_from_the_past_asks_for_labels_known_before_the_test_starts()
    {
        Assert.Equal([1], Split.Forward([1], [2, 3], Rows).Train);
        Assert.Equal((0, 1), Pair(() => Split.Forward([0], [2, 1], Rows)));
        Assert.Equal((3, 2), Pair(() => Split.Forward([3], [2], Rows)));
    }

    [Fact]
    public void A_row_on_both_sides_leaks_and_a_side_is_never_empty_or_double()
    {
        Assert.Equal((2, 2), Pair(() => Split.Plain([0, 2], [2], 3)));
        Refused("no training rows", () => Split.Plain([], [1], 3));
        Refused("no test rows", () => Split.Plain([1], [], 3));
        Refused("row 1 is there twice", () => Split.Plain([1, 1], [0], 3));
        Refused("row 3 of 3", () => Split.Plain([3], [0], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Purged([0], [3], Rows, -1));
    }

    [Fact]
    public void A_split_is_refused_just_when_some_pair_leaks()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int Start, int Length, bool Train)[]>(), ArbMap.Default.ArbFor<int>(), (drawn, wait) =>
        {
            LabelSpan[] spans = [.. drawn.Select(d => Spans.Of(d.Start, d.Length))];
            int[] train = [.. Enumerable.Range(0, spans.Length).Where(i => drawn[i].Train)];
            int[] test = [.. Enumerable.Range(0, spans.Length).Except(train)];
            if (train.Length == 0 || test.Length == 0) return;
            long embargo = Math.Abs(wait % 30);
            var leaks = train.SelectMany(i => test.Where(j => Spans.Leak(spans[i], spans[j], embargo)).Select(j => (i, j))).ToHashSet();
            Exception? thrown = Record.Exception(() => Split.Purged(train, test, spans, embargo));
            Assert.Equal(leaks.Count > 0, thrown is LeakingSplitException);
            if (thrown is LeakingSplitException leak) Assert.Contains((leak.TrainRow, leak.TestRow), leaks);
            bool late = train.Any(i => test.Any(j => spans[i].End >= spans[j].Start));
            Assert.Equal(late, Record.Exception(() => Split.Forward(train, test, spans)) is LeakingSplitException);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_label_that_ends_before_it_starts_is_refused_by_its_place()
    {
        LabelSpan[] wrong = [new(0, 1), new(5, 4)];
        Action[] all =
        [
            () => Split.Purged([0], [1], wrong, 0), () => Split.Forward([0], [1], wrong), () => PurgedKFold.Of(wrong, 2, 0),
            () => WalkForward.Of(wrong, 1), () => WalkForward.Holdout(wrong),
            () => Uniqueness.Average(wrong), () => _ = new CombinatorialPurged(wrong, 0, 2, 1),
        ];

        Assert.All(all, make => Refused("span 1", make));
        Assert.Throws<ArgumentException>(() => Uniqueness.Average([new(0, long.MaxValue)]));
    }

    private static void Refused(string words, Action action) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static (int Train, int Test) Pair(Action make) =>
        Assert.Throws<LeakingSplitException>(make) is var leak ? (leak.TrainRow, leak.TestRow) : default;
}
