using QuadTurbo.Training.Cycle;

namespace QuadTurbo.Services.Tests.Training;

public class DailyCycleTests
{
    private static readonly DateTime Midnight = new(2023, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Twelve_recorded_days_have_twelve_nights_and_twelve_summaries()
    {
        var cycle = new DailyCycle();
        var due = new List<DueTask>();
        for (int minute = 1; minute <= 12 * 1440; minute++) due.AddRange(cycle.Advance(Midnight.AddMinutes(minute)));
        Assert.Equal(11, due.Count(t => t.Task == DailyTask.Night));

        due.AddRange(cycle.Advance(Midnight.AddDays(12), ended: true));

        Assert.Equal(Enumerable.Range(1, 12).Select(d => Midnight.AddDays(d)), due.Where(t => t.Task == DailyTask.Night).Select(t => t.At));
        Assert.Equal(Enumerable.Range(0, 12).Select(d => Midnight.AddDays(d).AddHours(23)), due.Where(t => t.Task == DailyTask.Summary).Select(t => t.At));
        Assert.Equal(due.OrderBy(t => t.At), due);
    }

    [Fact]
    public void A_task_waits_until_everything_known_at_its_hour_is_heard()
    {
        var cycle = new DailyCycle();
        Assert.Empty(cycle.Advance(Midnight.AddHours(23.5)));
        Assert.Empty(cycle.Advance(Midnight.AddDays(1)));
        Assert.Empty(cycle.Advance(Midnight.AddDays(1)));

        Assert.Equal([new DueTask(DailyTask.Night, Midnight.AddDays(1))], cycle.Advance(Midnight.AddDays(1).AddTicks(1)));
        Assert.Empty(cycle.Advance(Midnight.AddDays(1).AddTicks(1)));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void The_end_of_a_feed_brings_the_task_of_that_very_hour(long ticks, int due)
    {
        var cycle = new DailyCycle();
        cycle.Advance(Midnight.AddHours(23.5));

        Assert.Equal(due, cycle.Advance(Midnight.AddDays(1).AddTicks(ticks), ended: true).Count);
    }

    [Fact]
    public void A_feed_that_stood_still_for_three_days_owes_every_night_and_one_for_a_year_the_last_ones()
    {
        var cycle = new DailyCycle();
        cycle.Advance(Midnight.AddHours(12));
        Assert.Equal(
            [23, 24, 47, 48, 71, 72], cycle.Advance(Midnight.AddDays(3).AddHours(1)).Select(t => (int)(t.At - Midnight).TotalHours));

        IReadOnlyList<DueTask> year = cycle.Advance(Midnight.AddDays(365).AddHours(1));
        Assert.Equal(DailyCycle.Most, year.Count);
        Assert.Equal(new DueTask(DailyTask.Night, Midnight.AddDays(365)), year[^1]);
        Assert.Equal(Midnight.AddDays(365).AddHours(23), cycle.Next);
    }

    [Fact]
    public void The_first_instant_owes_nothing_and_a_restart_goes_on_where_it_was()
    {
        var cycle = new DailyCycle();
        Assert.Empty(cycle.Advance(Midnight, ended: true));
        Assert.Equal(Midnight.AddHours(23), cycle.Next);

        var again = new DailyCycle();
        again.Restore(cycle.Next);

        Assert.Equal([DailyTask.Summary, DailyTask.Night], again.Advance(Midnight.AddDays(1).AddHours(2)).Select(t => t.Task));
    }
}
