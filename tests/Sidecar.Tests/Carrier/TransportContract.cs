using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>What every transport promises to services, whoever carries.</summary>
public abstract class TransportContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A speaker, and a hearer made of what <paramref name="hearer"/> registers.</summary>
    internal abstract Task<Pair> StartAsync(Action<IHostApplicationBuilder> hearer);

    [Fact]
    public async Task What_is_said_is_heard_once_and_in_the_order_in_which_it_was_said()
    {
        var ear = new Ear();
        await using Pair pair = await StartAsync(b => ear.Listen(b, Notes.First, Notes.Second));

        for (int i = 0; i < 300; i++)
        {
            await pair.Speaker.PublishAsync(Notes.First, Notes.Of(i));
            await pair.Speaker.PublishAsync(Notes.Second, Notes.Of(i));
        }
        await pair.SettledAsync();

        string[] heard = ear.Heard;
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"test.first {i}"), heard.Where(h => h.StartsWith("test.first", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"test.second {i}"), heard.Where(h => h.StartsWith("test.second", StringComparison.Ordinal)));
        Assert.False(ear.Overlapped, "two messages were handled at the same time");
    }

    [Fact]
    public async Task A_message_waits_until_its_listener_is_ready_and_those_of_other_topics_do_not()
    {
        var ear = new Ear();
        int through = -1;
        ear.Ready = (topic, number) => topic == "test.second" || number <= Volatile.Read(ref through);
        ear.Then = (topic, number) =>
        {
            if (topic == "test.second") Volatile.Write(ref through, number);
            return ValueTask.CompletedTask;
        };
        await using Pair pair = await StartAsync(b => ear.Listen(b, Notes.First, Notes.Second));

        for (int i = 0; i < 20; i++) await pair.Speaker.PublishAsync(Notes.First, Notes.Of(i));
        for (int i = 0; i < 20; i++) await pair.Speaker.PublishAsync(Notes.Second, Notes.Of(i));
        await pair.SettledAsync();

        string[] heard = ear.Heard;
        Assert.Equal(40, heard.Length);
        for (int i = 0; i < 20; i++) Assert.True(Array.IndexOf(heard, $"test.second {i}") < Array.IndexOf(heard, $"test.first {i}"), $"first {i} was handled too early");
    }

    [Fact]
    public async Task What_a_handler_says_is_heard_too()
    {
        var ear = new Ear();
        Pair? pair = null;
        ear.Then = async (topic, number) =>
        {
            if (topic == "test.first") await pair!.Hearer.PublishAsync(Notes.Second, Notes.Of(number * 10));
        };
        await using (pair = await StartAsync(b => ear.Listen(b, Notes.First, Notes.Second)))
        {
            for (int i = 1; i <= 3; i++) await pair.Speaker.PublishAsync(Notes.First, Notes.Of(i));
            await pair.SettledAsync();

            Assert.Equal(["test.second 10", "test.second 20", "test.second 30"], ear.Heard.Where(h => h.StartsWith("test.second", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_message_that_nobody_hears_is_no_error()
    {
        await using Pair pair = await StartAsync(b => new Ear().Listen(b, Notes.First));

        await pair.Speaker.PublishAsync(Notes.Third, Notes.Of(1));

        await pair.SettledAsync();
    }

    [Fact]
    public async Task The_owner_of_a_query_answers_it()
    {
        await using Pair pair = await StartAsync(b => Answer(b, static _ => 41));

        Assert.Equal(41, await pair.Speaker.AskAsync(Queries.LastOrdinal, new LastOrdinalQuestion()));
    }

    [Fact]
    public async Task What_the_registry_refuses_reaches_who_asks_with_its_reason()
    {
        await using Pair pair = await StartAsync(b => Answer(b, static _ => throw new RegistryRefusedException(Refusal.NotFound, "no such version: v9", "version")));

        var refused = await Assert.ThrowsAsync<RegistryRefusedException>(async () => await pair.Speaker.AskAsync(Queries.LastOrdinal, new LastOrdinalQuestion()));

        Assert.Equal((Refusal.NotFound, "no such version: v9", "version"), (refused.Reason, refused.Message, refused.Field));
    }

    [Fact]
    public async Task A_query_that_nobody_owns_is_named()
    {
        await using Pair pair = await StartAsync(b => new Ear().Listen(b, Notes.First));

        var refused = await Assert.ThrowsAsync<UnansweredQueryException>(async () => await pair.Speaker.AskAsync(new Query<LastOrdinalQuestion, int>("registry.cube"), new LastOrdinalQuestion()));

        Assert.Equal("registry.cube", refused.Query);
        Assert.Contains("'registry.cube'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_throws_stops_the_process_it_is_in_and_says_so()
    {
        var ear = new Ear { Then = static (_, number) => number == 1 ? throw new FormatException("one is too many") : ValueTask.CompletedTask };
        await using Pair pair = await StartAsync(b => ear.Listen(b, Notes.First));

        for (int i = 0; i < 3; i++) await pair.Speaker.PublishAsync(Notes.First, Notes.Of(i));
        Exception cause = await pair.Hearer.Faulted.WaitAsync(Patience);

        Assert.Equal("one is too many", cause.Message);
        Assert.Equal(["test.first 0", "test.first 1"], ear.Heard);
        var stopped = await Assert.ThrowsAsync<TransportFaultedException>(async () => await pair.Hearer.PublishAsync(Notes.First, Notes.Of(3)));
        Assert.Contains("one is too many", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_queue_tells_its_handler_its_topic_and_its_bound()
    {
        await using Pair pair = await StartAsync(b => new Ear().Listen(b, Notes.First));

        QueueStatus queue = Assert.Single(pair.Hearer.Queues, q => q.Topic == "test.first");

        Assert.Equal(("Ear", 0, 100, 0L, "the publisher waits"), (queue.Handler, queue.Depth, queue.Capacity, queue.Dropped, queue.Policy));
    }

    private static void Answer(IHostApplicationBuilder builder, Func<LastOrdinalQuestion, int> answer)
    {
        builder.Services.AddSingleton(new Ear());
        builder.Answer(Queries.LastOrdinal, (Ear _, LastOrdinalQuestion asked, CancellationToken _) => ValueTask.FromResult(answer(asked)));
    }

    /// <summary>Two ends of a transport.</summary>
    internal sealed record Pair(ITransport Speaker, ITransport Hearer, Func<Task> Settle, Func<ValueTask> End) : IAsyncDisposable
    {
        /// <summary>Completes when everything that was said was handled, and what was said meanwhile too.</summary>
        public Task SettledAsync() => Settle().WaitAsync(Patience);

        public ValueTask DisposeAsync() => End();
    }
}
