using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace QuadTurbo.Gateway.Live;

/// <summary>Takes messages in, keeps the last of them, and has every client sent what it hears.</summary>
/// <remarks>
/// A message is made once, whoever hears it, and only while its channel is heard: from the first subscription to <see cref="StreamSettings.Linger"/> after the
/// last has gone. What passes by while nobody hears a channel is not made and has no place; the log says from where on a channel is whole, so who resumes
/// across such a pause is told of a gap. Who publishes waits for no client: one thread writes to all of them, at most
/// <see cref="StreamSettings.WritesPerSecond"/> times a second, and a write that does not end at once goes on without it.
/// </remarks>
internal sealed partial class StreamHub : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly ILogger<StreamHub> _log;
    private readonly Lock _publishing = new();
    private readonly ArrayBufferWriter<byte> _scratch = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly Lock _joining = new();
    private readonly int[] _listeners = new int[ChannelNames.Count];
    private readonly long[] _heardUntil = new long[ChannelNames.Count];
    private readonly AutoResetEvent _fresh = new(false);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _dispatcher;
    private readonly ITimer _round;
    private StreamClient[] _clients = [];
    private int _freshChannels;
    private int _heard;
    private long _nextHeartbeat;
    private long _sentByGone, _droppedByGone;
    private bool _gone;

    /// <summary>A hub without clients.</summary>
    public StreamHub(StreamSettings settings, TimeProvider clock, ILogger<StreamHub> log)
    {
        Settings = settings;
        _clock = clock;
        _log = log;
        _json = new Utf8JsonWriter(_scratch);
        Log = new StreamLog(settings.BufferMessages, settings.BufferBytes);
        Session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        _nextHeartbeat = Now + Ticks(settings.Heartbeat);
        long quarter = Math.Min(settings.Heartbeat.Ticks, settings.Silence.Ticks) / 4;
        TimeSpan often = TimeSpan.FromTicks(Math.Clamp(quarter, 20 * TimeSpan.TicksPerMillisecond, 250 * TimeSpan.TicksPerMillisecond));
        _dispatcher = new Thread(Dispatch) { IsBackground = true, Name = "stream" };
        _dispatcher.Start();
        _round = clock.CreateTimer(static hub => ((StreamHub)hub!).Round(), this, often, often);
    }

    /// <summary>Its bounds.</summary>
    public StreamSettings Settings { get; }

    /// <summary>The last messages.</summary>
    public StreamLog Log { get; }

    /// <summary>Changes with every run: places of another run mean nothing here.</summary>
    public string Session { get; }

    /// <summary>The clients at this moment.</summary>
    public IReadOnlyList<StreamClient> Clients => _clients;

    /// <summary>Messages taken by all clients since the start.</summary>
    public long Sent => Volatile.Read(ref _sentByGone) + _clients.Sum(static c => c.Sent);

    /// <summary>Messages not sent to clients that were behind, since the start.</summary>
    public long Dropped => Volatile.Read(ref _droppedByGone) + _clients.Sum(static c => c.Dropped);

    /// <summary>Timestamp of the clock.</summary>
    public long Now => _clock.GetTimestamp();

    /// <summary>The clock's time, UTC.</summary>
    public DateTime UtcNow => _clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether a message of one of <paramref name="channels"/> would be made: ask before computing what only the stream wants.</summary>
    public bool IsHeard(Channels channels) => (Volatile.Read(ref _heard) & (int)channels) != 0;

    /// <summary>Makes a message, to be sent with the next <see cref="Send"/> to its clients; does nothing while nobody hears them.</summary>
    /// <param name="channels">Whose message it is.</param>
    /// <param name="type">What it is about.</param>
    /// <param name="state">Handed to <paramref name="data"/>.</param>
    /// <param name="data">Writes one JSON value.</param>
    public void Publish<T>(Channels channels, StreamType type, T state, Action<Utf8JsonWriter, T> data)
    {
        if (!IsHeard(channels)) return;
        lock (_publishing)
        {
            if (_gone) return;
            try
            {
                _scratch.ResetWrittenCount();
                _json.Reset();
                data(_json, state);
                _json.Flush();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // An onlooker's trouble must not stop the path.
                LogUnwritten(_log, type, e);
                return;
            }
            Log.Append(channels, type, UtcNow, _scratch.WrittenSpan);
        }
        Interlocked.Or(ref _freshChannels, (int)channels);
    }

    /// <summary>Has what was published sent: once for messages that belong together, so that they go in one write.</summary>
    public void Send()
    {
        if (Volatile.Read(ref _freshChannels) == 0) return;
        lock (_publishing)
        {
            if (!_gone) _fresh.Set();
        }
    }

    /// <summary>Timestamp ticks of a time.</summary>
    public long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);

    /// <summary>A client has come.</summary>
    public void Join(StreamClient client)
    {
        lock (_joining) Volatile.Write(ref _clients, [.. _clients, client]);
    }

    /// <summary>A client has gone, with all its subscriptions.</summary>
    public void Leave(StreamClient client)
    {
        lock (_joining)
        {
            if (!_clients.Contains(client)) return;
            Volatile.Write(ref _clients, [.. _clients.Where(c => c != client)]);
            _sentByGone += client.Sent;
            _droppedByGone += client.Dropped;
        }
        Listen(Channels.None, client.Channels);
    }

    /// <summary>Counts who hears what; a channel that nobody heard begins to be made.</summary>
    /// <param name="more">Channels that a client hears now and did not.</param>
    /// <param name="less">Channels that it heard and does not any more.</param>
    public void Listen(Channels more, Channels less)
    {
        lock (_joining)
        {
            Channels begin = Channels.None;
            for (int c = 0; c < ChannelNames.Count; c++)
            {
                var channel = (Channels)(1 << c);
                if ((more & channel) != 0 && _listeners[c]++ == 0 && (_heard & (int)channel) == 0) begin |= channel;
                if ((less & channel) != 0 && --_listeners[c] == 0) _heardUntil[c] = Now + Ticks(Settings.Linger);
            }
            if (begin == Channels.None) return;
            lock (_publishing)
            {
                Log.Begin(begin);
                Volatile.Write(ref _heard, _heard | (int)begin);
            }
        }
    }

    /// <summary>Tells every client that the server goes.</summary>
    public void CloseAll()
    {
        foreach (StreamClient client in _clients) client.Close(CloseCause.ServerStops);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _round.Dispose();
        _stop.Cancel();
        _fresh.Set();
        _dispatcher.Join();
        lock (_publishing) _gone = true;
        _stop.Dispose();
        _fresh.Dispose();
        _json.Dispose();
    }

    private void Dispatch()
    {
        double owed = 0, each = 1.0 / Settings.WritesPerSecond;
        while (true)
        {
            _fresh.WaitOne();
            if (_stop.IsCancellationRequested) return;
            var channels = (Channels)Interlocked.Exchange(ref _freshChannels, 0);
            foreach (StreamClient client in Volatile.Read(ref _clients))
            {
                if ((client.Channels & channels) == 0) continue;
                client.Wake();
                owed += each;
            }
            // What is published meanwhile goes in the same write as the next.
            if (owed < 0.001) continue;
            _stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(owed));
            owed = 0;
        }
    }

    private void Round()
    {
        try
        {
            long now = Now;
            bool heartbeat = now >= _nextHeartbeat;
            if (heartbeat) _nextHeartbeat = now + Ticks(Settings.Heartbeat);
            foreach (StreamClient client in Volatile.Read(ref _clients)) client.Check(now, heartbeat);
            Forget(now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogRound(_log, e);
        }
    }

    /// <summary>Ends the making of what nobody has heard for the time of <see cref="StreamSettings.Linger"/>.</summary>
    private void Forget(long now)
    {
        lock (_joining)
        {
            for (int c = 0; c < ChannelNames.Count; c++)
                if (_listeners[c] == 0 && now >= _heardUntil[c]) Volatile.Write(ref _heard, _heard & ~(1 << c));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a message of type {Type} could not be written")]
    private static partial void LogUnwritten(ILogger log, StreamType type, Exception why);

    [LoggerMessage(Level = LogLevel.Error, Message = "a round over the stream's clients has failed")]
    private static partial void LogRound(ILogger log, Exception why);
}
