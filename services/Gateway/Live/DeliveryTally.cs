using System.Numerics;
using System.Text.Json;

namespace QuadTurbo.Gateway.Live;

/// <summary>What one client was sent, and what it was not since it was last told.</summary>
internal sealed class DeliveryTally
{
    private readonly long[] _byChannel = new long[ChannelNames.Count];
    private long _from, _to;
    private bool _evicted;

    /// <summary>Messages that were taken for it; never reset.</summary>
    public long Sent { get; set; }

    /// <summary>Messages that were dropped; never reset.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether there is something to tell.</summary>
    public bool Any => _to != 0;

    /// <summary>One message was left out.</summary>
    /// <param name="channels">Of what it was that the client hears.</param>
    /// <param name="seq">Its place.</param>
    public void Add(Channels channels, long seq)
    {
        Span(seq, seq);
        _byChannel[BitOperations.TrailingZeroCount((int)channels)]++;
        Dropped++;
    }

    /// <summary>These places had been given up before the client came to them; how many of its messages were there is not known.</summary>
    public void Evict(long from, long to)
    {
        Span(from, to);
        _evicted = true;
    }

    /// <summary>Writes the data of the message that tells it, and forgets it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("event", "dropped");
        json.WriteNumber("from", _from);
        json.WriteNumber("to", _to);
        json.WriteStartObject("messages");
        for (int c = 0; c < _byChannel.Length; c++)
            if (_byChannel[c] > 0) json.WriteNumber(ChannelNames.All[c], _byChannel[c]);
        json.WriteEndObject();
        if (_evicted) json.WriteString("more", "places that were given up before their turn came: how many messages is not known");
        json.WriteString("why", "the client reads more slowly than messages come; of metrics only the newest is sent");
        json.WriteEndObject();
        Array.Clear(_byChannel);
        (_from, _to, _evicted) = (0, 0, false);
    }

    private void Span(long from, long to)
    {
        if (_to == 0) _from = from;
        _to = Math.Max(_to, to);
    }
}
