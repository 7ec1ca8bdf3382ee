using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Telemetry;

namespace QuadTurbo.Gateway.Live;

/// <summary>The stream in figures [MON-16]: clients, messages, what was dropped, why clients were closed or refused.</summary>
internal sealed class StreamMeters : IDisposable
{
    private readonly Meter _meter = Meters.Create();
    private readonly Counter<long> _closed, _refused, _omitted;

    /// <summary>The figures of <paramref name="hub"/>.</summary>
    public StreamMeters(StreamHub hub)
    {
        _meter.CreateObservableGauge("quadturbo_stream_clients", () => hub.Clients.Count, description: "WebSocket clients of the live stream.");
        _meter.CreateObservableCounter("quadturbo_stream_messages_total", () => ChannelNames.All.Select((name, c) =>
            new Measurement<long>(hub.Log.CountOf(c), new KeyValuePair<string, object?>("channel", name))), description: "Messages made for the stream.");
        _meter.CreateObservableCounter("quadturbo_stream_sent_total", () => hub.Sent, description: "Messages handed to clients of the stream, each client counted.");
        _meter.CreateObservableCounter("quadturbo_stream_dropped_total", () => hub.Dropped, description: "Messages not sent to clients that were behind.");
        _meter.CreateObservableGauge("quadturbo_stream_buffer_bytes", () => hub.Log.Bytes, description: "Bytes of messages kept for clients that resume.");
        _closed = _meter.CreateCounter<long>("quadturbo_stream_closed_total", null, "Clients of the stream that have gone, by cause.");
        _refused = _meter.CreateCounter<long>("quadturbo_stream_refused_total", null, "Clients that were not let in, by code.");
        _omitted = _meter.CreateCounter<long>("quadturbo_stream_omitted_total", null, "Messages beyond stream.messagesPerSecond, which were not made, by channel.");
    }

    /// <summary>A client has gone.</summary>
    public void Closed(CloseCause cause) => _closed.Add(1, new KeyValuePair<string, object?>("cause", cause.Label));

    /// <summary>A client was not let in.</summary>
    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>Messages were not made.</summary>
    public void Omitted(string channel, long messages) => _omitted.Add(messages, new KeyValuePair<string, object?>("channel", channel));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
