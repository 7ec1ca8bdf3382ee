using System.Threading.Channels;
using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using static QuadTurbo.Libs.Tests.Hosting.Transport.Wiring;

namespace QuadTurbo.Libs.Tests.Hosting.Transport;

public sealed class ConcurrentTests : IAsyncDisposable
{
    private readonly Wiring _wiring = new();
    private readonly Reader _reader = new();

    public ValueTask DisposeAsync() => _wiring.DisposeAsync();

    [Fact]
    public async Task A_handler_handles_one_message_at_a_time_whatever_the_topic()
    {
        _wiring
            .Hear(_reader, First, _reader.Listen("first", QueuePolicy.Wait(8)))
            .Hear(_reader, Second, _reader.Listen("second", QueuePolicy.Wait(8)))
            .Hear(_reader, Third, _reader.Listen("third", QueuePolicy.DropOldest(8)));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);

        await Task.WhenAll(new[] { First, Second, Third }.Select(topic => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++) await transport.PublishAsync(topic, new Note(i));
        })));
        await transport.UntilIdleAsync();

        Assert.False(_reader.Overlapped);
        Assert.Equal(1_500, _reader.Heard.Count + _reader.Dropped.Count);
        Assert.Equal(Numbers("first", 0, 500), _reader.Heard.Where(h => h.StartsWith("first", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_handlers_of_one_topic_each_hear_everything_at_their_own_pace()
    {
        var other = new OtherReader();
        _wiring
            .Hear(_reader, First, _reader.Listen("first", QueuePolicy.Wait(100)))
            .Hear(other, First, new Listener<OtherReader, Note>(static (o, note, _) => o.Hear(note), QueuePolicy.Wait(100)));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);
        _reader.Hold();

        for (int i = 0; i < 50; i++) await transport.PublishAsync(First, new Note(i));
        await other.HeardAsync(50);
        Assert.Empty(_reader.Heard);
        _reader.Release();
        await transport.UntilIdleAsync();

        Assert.Equal(Numbers("first", 0, 50), _reader.Heard);
    }

    [Fact]
    public async Task A_full_queue_that_waits_holds_the_publisher_up_until_there_is_room()
    {
        EmbeddedTransport transport = await Full(QueuePolicy.Wait(2));

        Task waiting = transport.PublishAsync(First, new Note(4)).AsTask();
        Assert.False(waiting.IsCompleted);
        _wiring.Clock.Advance(TimeSpan.FromDays(365));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, transport.Queues[0].Depth);
        _reader.Release();
        await waiting;
        await transport.UntilIdleAsync();

        Assert.Equal(Numbers("first", 1, 4), _reader.Heard);
        Assert.Equal(new QueueStatus("Reader", "first", Depth: 0, Capacity: 2, Dropped: 0) { Policy = "the publisher waits" }, transport.Queues[0]);
    }

    [Fact]
    public async Task A_queue_that_waits_within_a_bound_drops_the_message_after_it_and_its_handler_accounts_for_it()
    {
        EmbeddedTransport transport = await Full(QueuePolicy.WaitWithin(2, TimeSpan.FromSeconds(30)));

        Task waiting = transport.PublishAsync(First, new Note(4)).AsTask();
        _wiring.Clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        _wiring.Clock.Advance(TimeSpan.FromTicks(1));
        await waiting;
        Assert.Equal(1, transport.Queues[0].Dropped);
        _reader.Release();
        await transport.UntilIdleAsync();

        Assert.Equal(Numbers("first", 1, 3), _reader.Heard);
        Assert.Equal([4], _reader.Dropped);
    }

    [Fact]
    public async Task A_queue_that_drops_the_oldest_holds_nobody_up()
    {
        EmbeddedTransport transport = await Full(QueuePolicy.DropOldest(2));

        Assert.True(transport.PublishAsync(First, new Note(4)).AsTask().IsCompletedSuccessfully);
        Assert.True(transport.PublishAsync(First, new Note(5)).AsTask().IsCompletedSuccessfully);
        Assert.Equal(new QueueStatus("Reader", "first", Depth: 2, Capacity: 2, Dropped: 2) { Policy = "the oldest is dropped" }, transport.Queues[0]);
        _reader.Release();
        await transport.UntilIdleAsync();

        Assert.Equal(["first 1", "first 4", "first 5"], _reader.Heard);
        Assert.Equal([2, 3], _reader.Dropped);
    }

    [Fact]
    public async Task A_queue_that_forgets_holds_up_neither_publisher_nor_feed_and_accounts_for_nothing()
    {
        EmbeddedTransport transport = await Full(QueuePolicy.Forget(2));

        for (int i = 4; i < 100; i++) Assert.True(transport.PublishAsync(First, new Note(i)).AsTask().IsCompletedSuccessfully);
        Assert.True(transport.UntilRoomAsync(0.25, CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.Equal(new QueueStatus("Reader", "first", Depth: 2, Capacity: 2, Dropped: 96) { Policy = "the oldest is forgotten" }, transport.Queues[0]);
        _reader.Release();
        await transport.UntilIdleAsync();

        Assert.Equal(["first 1", "first 98", "first 99"], _reader.Heard);
        Assert.Empty(_reader.Dropped);
    }

    [Fact]
    public async Task A_message_takes_as_much_of_a_queue_as_its_size_and_one_that_is_too_large_is_let_in_alone()
    {
        _wiring.Hear(_reader, First, _reader.Listen("first", QueuePolicy.Wait(10)));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);
        _reader.Hold();
        await transport.PublishAsync(First, new Note(1));
        await _reader.EnteredAsync();

        Assert.True(transport.PublishAsync(First, new Note(2, Size: 99)).AsTask().IsCompletedSuccessfully);
        Task one = transport.PublishAsync(First, new Note(3, Size: 1)).AsTask();
        Assert.False(one.IsCompleted);
        _reader.Release();
        await one;
        await transport.UntilIdleAsync();
        _reader.Hold();
        await transport.PublishAsync(First, new Note(4));
        for (int i = 2; i <= 4; i++) await _reader.EnteredAsync();
        Assert.True(transport.PublishAsync(First, new Note(5, Size: 4)).AsTask().IsCompletedSuccessfully);
        Assert.True(transport.PublishAsync(First, new Note(6, Size: 6)).AsTask().IsCompletedSuccessfully);
        Task seventh = transport.PublishAsync(First, new Note(7, Size: 1)).AsTask();
        Assert.False(seventh.IsCompleted);
        _reader.Release();
        await seventh;
        await transport.UntilIdleAsync();

        Assert.Equal(Numbers("first", 1, 7), _reader.Heard);
    }

    [Fact]
    public async Task A_message_waits_until_its_handler_has_caught_up_on_another_topic()
    {
        _wiring
            .Hear(_reader, First, _reader.Listen("first", QueuePolicy.Wait(8), static r => r.Heard.Contains("second 1")))
            .Hear(_reader, Second, _reader.Listen("second", QueuePolicy.Wait(8)))
            .Hear(_reader, Third, _reader.Listen("third", QueuePolicy.Wait(8)));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);

        await transport.PublishAsync(First, new Note(1));
        await transport.PublishAsync(First, new Note(2));
        await transport.PublishAsync(Third, new Note(1));
        await _reader.EnteredAsync();
        await transport.PublishAsync(Second, new Note(1));
        await transport.UntilIdleAsync();

        Assert.Equal(["third 1", "second 1", "first 1", "first 2"], _reader.Heard);
    }

    [Fact]
    public async Task A_handler_that_throws_stops_the_path_for_everyone_who_publishes_or_waits()
    {
        EmbeddedTransport transport = await FullBeforeThrowing();
        Task publisher = transport.PublishAsync(First, new Note(4)).AsTask();
        Task idle = transport.UntilIdleAsync();
        Task room = transport.UntilRoomAsync(0.5, CancellationToken.None).AsTask();
        Assert.Equal([false, false, false], [publisher.IsCompleted, idle.IsCompleted, room.IsCompleted]);

        _reader.Release();

        Assert.Equal("broken", (await transport.Faulted).Message);
        TimeSpan patience = TimeSpan.FromSeconds(10);
        await Assert.ThrowsAsync<TransportFaultedException>(() => publisher.WaitAsync(patience));
        await Assert.ThrowsAsync<TransportFaultedException>(() => idle.WaitAsync(patience));
        await Assert.ThrowsAsync<TransportFaultedException>(() => room.WaitAsync(patience));
        TransportFaultedException later = await Assert.ThrowsAsync<TransportFaultedException>(async () => await transport.PublishAsync(First, new Note(5)));
        Assert.Equal("the path has stopped: broken", later.Message);
        Assert.IsType<InvalidDataException>(later.InnerException);
    }

    [Fact]
    public async Task The_path_is_idle_when_the_last_handler_has_finished()
    {
        _wiring.Hear(_reader, First, _reader.Listen("first", QueuePolicy.Wait(2)));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);
        Assert.True(transport.UntilIdleAsync().IsCompletedSuccessfully);
        _reader.Hold();
        await transport.PublishAsync(First, new Note(1));
        await _reader.EnteredAsync();

        Task idle = transport.UntilIdleAsync();
        Assert.Equal(0, transport.Queues[0].Depth);
        Assert.False(idle.IsCompleted);
        using var cancel = new CancellationTokenSource();
        Task impatient = transport.UntilIdleAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _reader.Release();
        await idle.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["first 1"], _reader.Heard);
    }

    [Fact]
    public async Task A_feed_that_can_wait_waits_until_queues_are_used_to_its_share_only()
    {
        _wiring.Hear(_reader, First, _reader.Listen("first", QueuePolicy.Wait(4)));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);
        _reader.Hold();
        for (int i = 1; i <= 3; i++)
        {
            await transport.PublishAsync(First, new Note(i));
            if (i == 1) await _reader.EnteredAsync();
        }

        Assert.True(transport.UntilRoomAsync(0.5, CancellationToken.None).AsTask().IsCompletedSuccessfully);
        await transport.PublishAsync(First, new Note(4));
        Task room = transport.UntilRoomAsync(0.5, CancellationToken.None).AsTask();
        Assert.False(room.IsCompleted);
        _reader.Release();
        await room;
        await transport.UntilIdleAsync();
    }

    [Fact]
    public async Task A_publisher_that_gives_up_leaves_nothing_outstanding()
    {
        EmbeddedTransport transport = await Full(QueuePolicy.Wait(2));
        using var cancel = new CancellationTokenSource();

        Task waiting = transport.PublishAsync(First, new Note(4), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _reader.Release();
        await transport.UntilIdleAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(Numbers("first", 1, 3), _reader.Heard);
    }

    [Fact]
    public void No_message_is_lost_or_doubled_whatever_the_capacities_and_policies() =>
        Prop.ForAll(Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), (first, second, policies) =>
        {
            QueuePolicy one = policies % 2 == 0 ? QueuePolicy.Wait(first) : QueuePolicy.DropOldest(first);
            QueuePolicy other = policies < 2 ? QueuePolicy.Wait(second) : QueuePolicy.WaitWithin(second, TimeSpan.Zero);
            Task.Run(() => CarriesEachOnce(one, other)).GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();

    private static async Task CarriesEachOnce(QueuePolicy first, QueuePolicy second)
    {
        const int publishers = 3, each = 60;
        await using var wiring = new Wiring();
        var reader = new Reader();
        wiring.Hear(reader, First, reader.Listen("first", first)).Hear(reader, Second, reader.Listen("second", second));
        EmbeddedTransport transport = wiring.Start(Schedule.Concurrent);

        await Task.WhenAll(Enumerable.Range(0, publishers).Select(p => Task.Run(async () =>
        {
            for (int i = 0; i < each; i++) await transport.PublishAsync(i % 2 == 0 ? First : Second, new Note(p * each + i, 1 + i % 4));
        })));
        await transport.UntilIdleAsync();

        int[] heard = [.. reader.Heard.Select(h => int.Parse(h.AsSpan(h.IndexOf(' ') + 1)))];
        Assert.Equal(Enumerable.Range(0, publishers * each), heard.Concat(reader.Dropped).Order());
        Assert.Equal(reader.Dropped.Count, transport.Queues.Sum(q => q.Dropped));
        Assert.All(transport.Queues, q => Assert.Equal(0, q.Depth));
        foreach (IGrouping<(int, int), int> order in heard.GroupBy(n => (n / each, n % 2))) Assert.Equal(order.Order(), order);
        Assert.False(reader.Overlapped);
        if (first.WhenFull == WhenFull.Wait && second.WaitAtMost == Timeout.InfiniteTimeSpan) Assert.Empty(reader.Dropped);
    }

    /// <summary>A transport whose reader is at work on 1, with 2 and 3 waiting: a queue of two is full.</summary>
    private async Task<EmbeddedTransport> Full(QueuePolicy policy)
    {
        _wiring.Hear(_reader, First, _reader.Listen("first", policy));
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);
        await Fill(transport);
        return transport;
    }

    private async Task<EmbeddedTransport> FullBeforeThrowing()
    {
        Listener<Reader, Note> listening = _reader.Listen("first", QueuePolicy.Wait(2));
        _wiring.Hear(_reader, First, listening with
        {
            Handle = async (reader, note, cancel) =>
            {
                await listening.Handle(reader, note, cancel);
                throw new InvalidDataException("broken");
            },
        });
        EmbeddedTransport transport = _wiring.Start(Schedule.Concurrent);
        await Fill(transport);
        return transport;
    }

    private async Task Fill(EmbeddedTransport transport)
    {
        _reader.Hold();
        await transport.PublishAsync(First, new Note(1));
        await _reader.EnteredAsync();
        await transport.PublishAsync(First, new Note(2));
        await transport.PublishAsync(First, new Note(3));
    }

    private static IEnumerable<string> Numbers(string topic, int from, int count) => Enumerable.Range(from, count).Select(i => $"{topic} {i}");

    private sealed class OtherReader
    {
        private readonly Channel<Note> _heard = Channel.CreateUnbounded<Note>();

        public ValueTask Hear(Note note)
        {
            _heard.Writer.TryWrite(note);
            return ValueTask.CompletedTask;
        }

        public async Task HeardAsync(int count)
        {
            for (int i = 0; i < count; i++) await _heard.Reader.ReadAsync();
        }
    }
}
