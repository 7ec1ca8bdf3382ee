using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>What becomes of a delivered message.</summary>
internal enum Disposition
{
    /// <summary>It is on disk here, now or from before.</summary>
    Success,

    /// <summary>It is to come again later.</summary>
    Retry,

    /// <summary>It cannot be read: it belongs to the dead letters.</summary>
    Drop,
}

/// <summary>How a delivered message stands to what was heard before.</summary>
internal enum Standing
{
    /// <summary>It is new, and on its way to the disk.</summary>
    Taken,

    /// <summary>It was heard before.</summary>
    Repeated,

    /// <summary>It is too far ahead of what has come.</summary>
    TooEarly,

    /// <summary>The store has no room at this moment.</summary>
    Busy,
}

/// <summary>Takes messages as a broker delivers them, late, twice and in any order, and lets each out once, in the order in which it was said .</summary>
/// <remarks>
/// A message is acknowledged when it is on disk. One that comes before its time is kept until those before it are here; when they stay away for too long they
/// count as lost, and the stream goes on behind the gap.
/// </remarks>
internal sealed partial class Intake
{
    private static readonly Counter<long> Repeated = Meters.Shared.CreateCounter<long>("quadturbo_carrier_repeated_total", null, "Messages that came again and were passed over.");
    private static readonly Counter<long> Reordered = Meters.Shared.CreateCounter<long>("quadturbo_carrier_early_total", null, "Messages that came before an earlier one of their stream.");
    private static readonly Counter<long> Lost = Meters.Shared.CreateCounter<long>("quadturbo_carrier_lost_total", null, "Messages of a stream that never came.");
    private static readonly Counter<long> Unreadable = Meters.Shared.CreateCounter<long>("quadturbo_carrier_unreadable_total", null, "Messages that could not be read.");

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Source, string Topic), Stream> _streams = [];
    private readonly Dictionary<string, Inlet[]> _inlets;
    private readonly CarrierStore _store;
    private readonly WireTables _tables;
    private readonly DaprOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private long _next = 1;

    public Intake(IEnumerable<Inlet> inlets, CarrierStore store, WireTables tables, DaprOptions options, TimeProvider clock, ILogger log)
    {
        _inlets = inlets.GroupBy(static i => i.Subscription.Topic).ToDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);
        (_store, _tables, _options, _clock, _log) = (store, tables, options, clock, log);
    }

    /// <summary>Called when something was let out.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>The topics that are heard.</summary>
    public IEnumerable<string> Topics => _inlets.Keys;

    /// <summary>Goes on where the file ends: what was let out and not handled is let out again, what came early waits.</summary>
    public void Restore(CarrierState state)
    {
        _next = state.LastId + 1;
        foreach (HeardRow row in state.Heard) _streams[(row.Source, row.Topic)] = new Stream { Next = row.Next };
        foreach ((string topic, Inlet[] inlets) in _inlets)
            foreach (InboxRow row in _store.Undealt(topic, inlets.Length)) Restore(row, inlets);
    }

    private void Restore(InboxRow row, Inlet[] inlets)
    {
        string[] dealt = row.Dealt?.Split(',') ?? [];
        Inlet[] left = [.. inlets.Where(i => !dealt.Contains(i.Name))];
        Stream stream = StreamOf(row.Source, row.Topic);
        object? message = Read(row.Topic, new CarrierEvent(row.Source, row.Sequence, row.Trace, row.Body), inlets[0]);
        Heard? heard = message is null ? null : new Heard(row.Id, message, row.Trace, left.Length);
        if (row.Sequence >= stream.Next) stream.Early[row.Sequence] = (heard, _clock.GetTimestamp());
        else if (heard is not null) foreach (Inlet inlet in left) inlet.Add(heard);
    }

    /// <summary>A place for what this process says and has to hear again itself.</summary>
    public long TakeId()
    {
        lock (_lock) return _next++;
    }

    /// <summary>Takes a delivered message; when this completes its disposition may be told.</summary>
    public async ValueTask<Disposition> TakeAsync(string topic, CarrierEvent? delivered, CancellationToken cancel)
    {
        if (!_inlets.TryGetValue(topic, out Inlet[]? inlets) || delivered is not { } told)
        {
            Unreadable.Add(1);
            LogForeign(_log, topic);
            return Disposition.Drop;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(_options.RoomPatience);
        try
        {
            foreach (Inlet inlet in inlets) await inlet.UntilRoomAsync(patience.Token);
            bool wanted = Array.Exists(inlets, static i => i.Subscription.Wants);
            // Read before the lock: deliveries of several topics are read side by side.
            object? message = wanted && !WasHeard(topic, told) ? Read(topic, told, inlets[0]) : null;
            while (true)
            {
                switch (Accept(topic, told, message, wanted, inlets, out Accepted? accepted))
                {
                    case Standing.Taken:
                        await accepted!.Durable.WaitAsync(patience.Token);
                        return accepted.IsReadable ? Disposition.Success : Disposition.Drop;
                    case Standing.Repeated:
                        // The first copy may still be on its way to the disk: until then this one may not be acknowledged either.
                        await _store.FlushAsync(patience.Token);
                        return Disposition.Success;
                    case Standing.TooEarly:
                        return Disposition.Retry;
                    default:
                        if (!await _store.UntilRoomAsync(patience.Token)) return Disposition.Retry;
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return Disposition.Retry;
        }
    }

    /// <summary>Lets streams go on whose gap is too old.</summary>
    public void GiveUpGaps()
    {
        bool woke = false;
        lock (_lock)
        {
            foreach (((string source, string topic), Stream stream) in _streams)
            {
                if (stream.Early.Count == 0) continue;
                (long first, (Heard? _, long since)) = stream.Early.First();
                if (_clock.GetElapsedTime(since) < _options.GapPatience || !_store.TryAdd(new Advance(source, topic, NextOf(stream, first)))) continue;
                LogLost(_log, first - stream.Next, topic, source, _options.GapPatience);
                Lost.Add(first - stream.Next, new KeyValuePair<string, object?>("topic", topic));
                stream.Next = first;
                LetOut(stream, topic);
                woke = true;
            }
        }
        if (woke) Wake();
    }

    private bool WasHeard(string topic, in CarrierEvent told)
    {
        lock (_lock) return StreamOf(told.Source, topic) is var stream && (told.Sequence < stream.Next || stream.Early.ContainsKey(told.Sequence));
    }

    private Standing Accept(string topic, in CarrierEvent told, object? message, bool wanted, Inlet[] inlets, out Accepted? accepted)
    {
        accepted = null;
        lock (_lock)
        {
            Stream stream = StreamOf(told.Source, topic);
            if (told.Sequence < stream.Next || stream.Early.ContainsKey(told.Sequence))
            {
                Repeated.Add(1);
                return Standing.Repeated;
            }
            bool early = told.Sequence > stream.Next;
            if (early && stream.Early.Count >= _options.EarlyMessages) return Standing.TooEarly;
            // What nobody wants is only a place in its stream; where others have to come first, somebody may want it by then.
            if (early && !wanted) message = Read(topic, told, inlets[0]);
            var taken = new Accepted(
                new InboxItem(_next, told.Source, topic, told.Sequence, told.Trace, message is null ? null : told.Data.ToArray()), passesBy: !early && !wanted);
            Heard? heard = message is null ? null : new Heard(_next, message, told.Trace, inlets.Length);
            stream.Early[told.Sequence] = (heard, _clock.GetTimestamp());
            if (!early) taken.HeardTo = NextOf(stream, stream.Next);
            if (!_store.TryAdd(taken))
            {
                stream.Early.Remove(told.Sequence);
                return Standing.Busy;
            }
            accepted = taken;
            _next++;
            if (early) Reordered.Add(1);
            else LetOut(stream, topic);
        }
        Wake();
        return Standing.Taken;
    }

    private object? Read(string topic, in CarrierEvent told, Inlet inlet)
    {
        try
        {
            return inlet.Subscription.Read(told.Data.Span, _tables);
        }
        catch (WireException e)
        {
            Unreadable.Add(1);
            LogUnreadable(_log, topic, told.Source, told.Sequence, e.Message);
            return null;
        }
    }

    private static long NextOf(Stream stream, long next)
    {
        while (stream.Early.ContainsKey(next)) next++;
        return next;
    }

    private void LetOut(Stream stream, string topic)
    {
        while (stream.Early.Remove(stream.Next, out (Heard? Message, long Since) held))
        {
            stream.Next++;
            if (held.Message is { } heard) foreach (Inlet inlet in _inlets[topic]) inlet.Add(heard);
        }
    }

    private Stream StreamOf(string source, string topic)
    {
        if (!_streams.TryGetValue((source, topic), out Stream? stream)) _streams[(source, topic)] = stream = new Stream();
        return stream;
    }

    private sealed class Stream
    {
        public long Next { get; set; }

        public SortedDictionary<long, (Heard? Message, long Since)> Early { get; } = [];
    }

    private sealed class Accepted(InboxItem item, bool passesBy) : Change
    {
        public bool IsReadable => passesBy || item.Body is not null;

        public long? HeardTo { get; set; }

        public override void Apply(CarrierStatements statements)
        {
            if (item.Body is not null) statements.Hear(item);
            if (HeardTo is { } next) statements.HeardTo(item.Source, item.Topic, next);
        }
    }

    private sealed class Advance(string source, string topic, long next) : Change
    {
        public override void Apply(CarrierStatements statements) => statements.HeardTo(source, topic, next);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message under {Topic} is none of this platform: it goes to the dead letters")]
    private static partial void LogForeign(ILogger log, string topic);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Sequence} of {Source} under {Topic} cannot be read and goes to the dead letters: {Why}")]
    private static partial void LogUnreadable(ILogger log, string topic, string source, long sequence, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages of {Source} under {Topic} did not come within {Patience}; the stream goes on without them")]
    private static partial void LogLost(ILogger log, long count, string topic, string source, TimeSpan patience);
}
