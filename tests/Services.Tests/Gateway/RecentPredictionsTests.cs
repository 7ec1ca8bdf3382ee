using QuadTurbo.Gateway.Rest.Learning;
using QuadTurbo.Services.Tests.Auditor;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>The last predictions of the path [DASH-04].</summary>
public sealed class RecentPredictionsTests
{
    private readonly RecentPredictions _recent = new();
    private long _next;

    [Fact]
    public void Pages_go_from_the_newest_to_the_oldest_and_are_not_moved_by_what_comes_in_between()
    {
        Add(5);
        PredictionsPage first = _recent.Page(2, before: null);
        Add(3);

        PredictionsPage second = _recent.Page(2, PageQuery.Cursor(first.Next)), third = _recent.Page(2, PageQuery.Cursor(second.Next));

        Assert.Equal([4, 3, 2, 1, 0], first.Items.Concat(second.Items).Concat(third.Items).Select(NumberOf));
        Assert.Null(third.Next);
    }

    [Fact]
    public void The_oldest_give_way_to_the_newest()
    {
        Add(RecentPredictions.Most + 7);

        PredictionsPage page = _recent.Page(RecentPredictions.Most, before: null);

        Assert.Equal(RecentPredictions.Most, page.Items.Count);
        Assert.Equal(RecentPredictions.Most + 6, NumberOf(page.Items[0]));
        Assert.Equal(7, NumberOf(page.Items[^1]));
        Assert.Null(page.Next);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("p")]
    [InlineData("p-1")]
    [InlineData("p1; DROP TABLE")]
    public void A_cursor_that_was_not_given_out_is_refused(string cursor) => Assert.Throws<QuadTurbo.Gateway.Rest.RequestRefusedException>(() => PageQuery.Cursor(cursor));

    private static int NumberOf(PredictionRow row) => Array.FindIndex(Ids, id => id == row.Id);

    private static string[] Ids { get; } = [.. Enumerable.Range(0, RecentPredictions.Most + 10).Select(n => Judged.Decide(n).Id.ToString())];

    private void Add(int count)
    {
        var decisions = new Decision[count];
        for (int i = 0; i < count; i++) decisions[i] = Judged.Decide(_next++);
        _recent.Add(new OpportunityJudged { Position = _next, Decisions = decisions, JudgedThrough = _next });
    }
}
