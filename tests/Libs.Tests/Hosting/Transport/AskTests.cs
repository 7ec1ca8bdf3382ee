using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Hosting.Transport;

public sealed class AskTests
{
    private static readonly Query<int, long> Square = new("square");

    [Theory]
    [InlineData(Schedule.Lockstep)]
    [InlineData(Schedule.Concurrent)]
    public async Task The_owner_of_a_query_answers_it(Schedule schedule)
    {
        await using Wiring wiring = Owned();
        EmbeddedTransport transport = wiring.Start(schedule);

        Assert.Equal(49, await transport.AskAsync(Square, 7));
    }

    [Fact]
    public async Task A_query_that_nobody_owns_is_named()
    {
        await using Wiring wiring = Owned();
        EmbeddedTransport transport = wiring.Start(Schedule.Concurrent);

        var refused = await Assert.ThrowsAsync<UnansweredQueryException>(async () => await transport.AskAsync(new Query<int, long>("cube"), 7));

        Assert.Equal("cube", refused.Query);
        Assert.Contains("'cube'", refused.Message);
    }

    [Fact]
    public async Task A_query_of_the_same_name_and_other_types_is_refused()
    {
        await using Wiring wiring = Owned();
        EmbeddedTransport transport = wiring.Start(Schedule.Concurrent);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await transport.AskAsync(new Query<string, long>("square"), "7"));

        Assert.Contains("'square'", refused.Message);
    }

    [Fact]
    public async Task Two_owners_of_one_query_are_refused_at_the_start()
    {
        await using Wiring wiring = Owned().Answer(new Uri("http://other"), Square, static (_, _, _) => ValueTask.FromResult(0L));

        var refused = Assert.Throws<InvalidOperationException>(() => wiring.Start(Schedule.Concurrent));

        Assert.Contains("'square'", refused.Message);
    }

    [Fact]
    public async Task What_an_owner_throws_reaches_who_asks_and_the_path_goes_on()
    {
        await using Wiring wiring = new Wiring().Answer<Version, int, long>(new Version(1, 0), Square, static (_, _, _) => throw new FormatException("seven"));
        EmbeddedTransport transport = wiring.Start(Schedule.Concurrent);

        await Assert.ThrowsAsync<FormatException>(async () => await transport.AskAsync(Square, 7));
        Assert.False(transport.Faulted.IsCompleted);
    }

    [Fact]
    public async Task Asking_allocates_nothing()
    {
        await using Wiring wiring = Owned();
        EmbeddedTransport transport = wiring.Start(Schedule.Concurrent);
        long sum = (await transport.AskAsync(Square, 1)) + (await transport.AskAsync(Square, 2));

        bool atOnce = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            ValueTask<long> answer = transport.AskAsync(Square, i);
            atOnce &= answer.IsCompletedSuccessfully;
            sum += await answer;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.True(atOnce);
        Assert.True(sum > 0);
    }

    private static Wiring Owned() => new Wiring().Answer(new Version(2, 0), Square, static (_, number, _) => ValueTask.FromResult((long)number * number));
}
