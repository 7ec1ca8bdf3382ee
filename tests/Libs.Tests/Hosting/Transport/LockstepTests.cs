using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Trading;
using static QuadTurbo.Libs.Tests.Hosting.Transport.Wiring;

namespace QuadTurbo.Libs.Tests.Hosting.Transport;

public class LockstepTests
{
    private static readonly QueuePolicy Narrow = QueuePolicy.DropOldest(1);

    private readonly List<string> _told = [];

    [Fact]
    public async Task Everything_that_follows_from_a_message_is_handled_before_the_publish_returns()
    {
        await using var wiring = new Wiring();
        var first = new Teller();
        wiring
            .Hear(first, First, Tell<Teller>(wiring, "1a", (Second, 10), (Second, 20)))
            .Hear(new OtherTeller(), First, Tell<OtherTeller>(wiring, "1b", (Third, 30)))
            .Hear(first, Second, Tell<Teller>(wiring, "2", (Third, 1)))
            .Hear(first, Third, Tell<Teller>(wiring, "3"));
        EmbeddedTransport transport = wiring.Start(Schedule.Lockstep);

        await transport.PublishAsync(First, new Note(1));
        _told.Add("returned");
        await transport.PublishAsync(Second, new Note(2));

        // In the order of publication: both readers of the first, its two seconds, the other's third, and what followed from the seconds.
        Assert.Equal(["1a 1", "1b 1", "2 10", "2 20", "3 30", "3 1", "3 1", "returned", "2 2", "3 1"], _told);
    }

    [Fact]
    public async Task A_message_that_its_handler_is_not_ready_for_is_an_error()
    {
        await using var wiring = new Wiring();
        var reader = new Reader();
        wiring
            .Hear(reader, First, reader.Listen("first", Narrow, r => r.Heard.Contains("second 1")))
            .Hear(reader, Second, reader.Listen("second", Narrow));
        EmbeddedTransport ready = wiring.Start(Schedule.Lockstep);
        await ready.PublishAsync(Second, new Note(1));
        await ready.PublishAsync(First, new Note(2));
        Assert.Equal(["second 1", "first 2"], reader.Heard);

        await using var late = new Wiring();
        var tooEarly = new Reader();
        EmbeddedTransport transport = late.Hear(tooEarly, First, tooEarly.Listen("first", Narrow, static _ => false)).Start(Schedule.Lockstep);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await transport.PublishAsync(First, new Note(1)));
        Assert.Equal("Reader was given first out of order in lockstep", error.Message);
    }

    [Fact]
    public async Task After_a_handler_has_thrown_nothing_is_carried_any_more()
    {
        await using var wiring = new Wiring();
        var thrower = new Teller();
        var reader = new Reader();
        wiring
            .Hear(thrower, First, new Listener<Teller, Note>(static (_, _, _) => throw new InvalidDataException("broken"), Narrow))
            .Hear(reader, First, reader.Listen("first", Narrow))
            .Hear(reader, Second, reader.Listen("second", Narrow));
        EmbeddedTransport transport = wiring.Start(Schedule.Lockstep);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await transport.PublishAsync(First, new Note(1)));
        await Assert.ThrowsAsync<TransportFaultedException>(async () => await transport.PublishAsync(Second, new Note(2)));

        Assert.Empty(reader.Heard);
        Assert.IsType<InvalidDataException>(await transport.Faulted);
    }

    [Fact]
    public async Task A_topic_that_nobody_hears_is_let_go()
    {
        await using var wiring = new Wiring();

        Assert.True(wiring.Start(Schedule.Lockstep).PublishAsync(First, new Note(1)).AsTask().IsCompletedSuccessfully);
    }

    /// <summary>Writes down what it hears, and then says more.</summary>
    private Listener<T, Note> Tell<T>(Wiring wiring, string name, params (Topic<Note> Topic, int Number)[] then) => new(
        async (_, note, cancel) =>
        {
            _told.Add($"{name} {note.Number}");
            foreach ((Topic<Note> topic, int number) in then) await wiring.Transport.PublishAsync(topic, new Note(number), cancel);
            await Task.Yield();
        },
        Narrow);

    private sealed class Teller;

    private sealed class OtherTeller;
}
