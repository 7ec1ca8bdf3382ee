namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>A process beside its sidecar.</summary>
public sealed record DaprOptions
{
    /// <summary>The app-id: the name of the service.</summary>
    public required string AppId { get; init; }

    /// <summary>Where the sidecar listens; <c>DAPR_HTTP_PORT</c> on the loopback address.</summary>
    public required Uri Sidecar { get; init; }

    /// <summary>Where this process listens for its sidecar, on the loopback address; <c>APP_PORT</c>.</summary>
    public required int AppPort { get; init; }

    /// <summary><c>DAPR_API_TOKEN</c>: what the sidecar wants to hear; null for nothing.</summary>
    public string? ApiToken { get; init; }

    /// <summary><c>APP_API_TOKEN</c>: what the sidecar has to say here; null for nothing.</summary>
    public string? AppToken { get; init; }

    /// <summary>How this service finds its way back after a restart.</summary>
    public Recovery Recovery { get; init; } = Recovery.Own;

    /// <summary>True where the market waits for the slowest: then no queue drops what is late.</summary>
    public bool Paced { get; init; }

    /// <summary>Most messages in one request to publish, and in one delivery.</summary>
    public int BulkMessages { get; init; } = 100;

    /// <summary>How long the sidecar gathers a delivery.</summary>
    public TimeSpan BulkAwait { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Most bytes of messages that wait for the broker, on disk; then who publishes waits.</summary>
    public long OutboxBytes { get; init; } = 1L << 30;

    /// <summary>Most messages of one stream that are held until an earlier one comes.</summary>
    public int EarlyMessages { get; init; } = 4_096;

    /// <summary>How long an earlier message is waited for; then it counts as lost.</summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a delivery waits for room before the broker is told to come again.</summary>
    public TimeSpan RoomPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a question waits for someone to answer it.</summary>
    public TimeSpan AskPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what is in the outbox may take at a stop; the rest is sent at the next start.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sees each message just before it is handled; null for nobody.</summary>
    public Action<object>? Before { get; init; }

    /// <summary>The options that a sidecar sets for the process beside it, in its environment.</summary>
    /// <exception cref="FormatException">A port is missing or none.</exception>
    public static DaprOptions FromEnvironment(string appId) => new()
    {
        AppId = appId,
        Sidecar = new Uri($"http://127.0.0.1:{Port("DAPR_HTTP_PORT")}"),
        AppPort = Port("APP_PORT"),
        ApiToken = Variable("DAPR_API_TOKEN"),
        AppToken = Variable("APP_API_TOKEN"),
    };

    private static int Port(string name) => Variable(name) is { } text && ushort.TryParse(text, out ushort port) && port > 0
        ? port
        : throw new FormatException($"{name} must be the number of a port, 1 to 65535; it is '{Variable(name)}': start the service with 'dapr run', or set it");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
