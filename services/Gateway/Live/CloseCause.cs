namespace QuadTurbo.Gateway.Live;

/// <summary>Why a client was closed: code and reason of its close frame, and the label under which it is counted.</summary>
/// <param name="Code">RFC 6455, section 7.4.</param>
/// <param name="Reason">ASCII, at most 123 characters.</param>
/// <param name="Label">For the metric.</param>
internal sealed record CloseCause(int Code, string Reason, string Label)
{
    /// <summary>The client has closed, or its connection has broken.</summary>
    public static CloseCause Client { get; } = new(1000, "", "client");

    /// <summary>The process stops.</summary>
    public static CloseCause ServerStops { get; } = new(1001, "server stops", "server_stops");

    /// <summary>What the client sent is no WebSocket.</summary>
    public static CloseCause Protocol { get; } = new(1002, "protocol error", "protocol");

    /// <summary>Too much waits for it.</summary>
    public static CloseCause SlowConsumer { get; } = new(1008, "slow consumer", "slow_consumer");

    /// <summary>It has not been heard of.</summary>
    public static CloseCause Silent { get; } = new(1008, "silent for too long", "silent");

    /// <summary>No key in time, or a wrong one.</summary>
    public static CloseCause NoKey { get; } = new(1008, "key needed", "no_key");

    /// <summary>Its key is not accepted any more.</summary>
    public static CloseCause KeyRevoked { get; } = new(1008, "key revoked", "key_revoked");

    /// <summary>A message beyond the limit.</summary>
    public static CloseCause TooLarge { get; } = new(1009, "message too large", "too_large");

    /// <summary>Every cause.</summary>
    public static IReadOnlyList<CloseCause> All { get; } = [Client, ServerStops, Protocol, SlowConsumer, Silent, NoKey, KeyRevoked, TooLarge];
}
