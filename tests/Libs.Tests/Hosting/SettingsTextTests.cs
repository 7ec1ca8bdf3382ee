using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Libs.Tests.Hosting;

public sealed class SettingsTextTests
{
    [Theory]
    [InlineData("250ms", 2_500_000)]
    [InlineData("5s", 50_000_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("15min", 9_000_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("2d", 1_728_000_000_000)]
    [InlineData("50us", 500)]
    [InlineData(" 5 s ", 50_000_000)]
    [InlineData("-5s", -50_000_000)]
    [InlineData("00:00:05", 50_000_000)]
    [InlineData("1.00:00:00.5", 864_005_000_000)]
    public void A_duration_is_a_number_with_its_unit_or_a_clock(string text, long ticks)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(ticks, duration.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5m")]
    [InlineData("s")]
    [InlineData("5S")]
    [InlineData("five s")]
    [InlineData("5s5s")]
    [InlineData("1e3s")]
    [InlineData("NaNs")]
    [InlineData("00:61:00")]
    [InlineData("10675200d")]
    public void Anything_else_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void Every_duration_reads_back_as_it_was_shown() =>
        Prop.ForAll<long>(static ticks =>
        {
            // Whole units as well as odd ticks: the multiplier is drawn from the number itself.
            long unit = (ticks & 3) switch { 0 => 1, 1 => TimeSpan.TicksPerMicrosecond, 2 => TimeSpan.TicksPerSecond, _ => TimeSpan.TicksPerMinute };
            var duration = new TimeSpan(ticks % 1_000_000 * unit);
            return Duration.TryParse(Duration.Format(duration), out TimeSpan back) && back == duration;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_durations_read_back_too()
    {
        foreach (TimeSpan duration in new[] { TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.FromDays(10675199), new TimeSpan(1) })
        {
            Assert.True(Duration.TryParse(Duration.Format(duration), out TimeSpan back));
            Assert.Equal(duration, back);
        }
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("minScore", "minScore", 0)]
    [InlineData("minScoer", "minScore", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("ca", "abc", 3)]
    public void Edits_are_counted_with_swaps_of_neighbours(string a, string b, int edits)
    {
        Assert.Equal(edits, Nearest.Edits(a, b));
        Assert.Equal(edits, Nearest.Edits(b, a));
    }

    [Theory]
    [InlineData("safty", "safety")]
    [InlineData("AGRESSIVE", "aggressive")]
    [InlineData("spring", null)]
    [InlineData("xyz", null)]
    public void The_nearest_name_is_proposed_only_when_near(string name, string? nearest) =>
        Assert.Equal(nearest, Nearest.To(name, ["safety", "aggressive", "spring-training"]));
}
