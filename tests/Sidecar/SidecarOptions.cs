using QuadTurbo.Sidecar.PubSub;
using QuadTurbo.Sidecar.State;

namespace QuadTurbo.Sidecar;

/// <summary>One sidecar and the application beside it.</summary>
public sealed record SidecarOptions
{
    /// <summary>The app-id; instances of one application share it.</summary>
    public required string AppId { get; init; }

    /// <summary>Where the application listens on the loopback address; null: it has no port and hears nothing.</summary>
    public int? AppPort { get; init; }

    /// <summary>Where the sidecar listens on the loopback address; 0: wherever there is room.</summary>
    public int Port { get; init; }

    /// <summary><c>DAPR_API_TOKEN</c>: what the application must say to the sidecar.</summary>
    public string? ApiToken { get; init; }

    /// <summary><c>APP_API_TOKEN</c>: what the sidecar says to the application.</summary>
    public string? AppToken { get; init; }

    /// <summary><c>--app-max-concurrency</c>: most calls of the application at once; null: any number.</summary>
    public int? AppMaxConcurrency { get; init; }

    /// <summary>App health checks; null: off.</summary>
    public AppHealth? AppHealth { get; init; }

    /// <summary><c>--max-body-size</c> in bytes.</summary>
    public long MaxBodySize { get; init; } = 4 << 20;

    /// <summary>Whether envelopes carry a trace.</summary>
    public bool Tracing { get; init; } = true;

    /// <summary>A slow start: how long until it listens.</summary>
    public TimeSpan ListensAfter { get; init; }

    /// <summary>A slow start: how long from then until its components work; infinite: never.</summary>
    public TimeSpan ReadyAfter { get; init; }

    /// <summary>How long deliveries in hand may take when it stops.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary><c>--enable-app-health-check</c>.</summary>
/// <param name="Path">What is probed.</param>
/// <param name="Interval">How often.</param>
/// <param name="Timeout">How long a probe may take.</param>
/// <param name="Threshold">Failures in a row until the application counts as ill.</param>
public sealed record AppHealth(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold);

/// <summary>The components and the broker that the sidecars of a mesh share.</summary>
public sealed record MeshOptions
{
    /// <summary>The broker behind every publish-and-subscribe component.</summary>
    public Brokers.BrokerOptions Broker { get; init; } = new();

    /// <summary>Publish-and-subscribe components.</summary>
    public PubSubComponent[] PubSubs { get; init; } = [new()];

    /// <summary>State stores.</summary>
    public StateComponent[] Stores { get; init; } = [new()];
}
