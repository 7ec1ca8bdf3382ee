namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>What the code and the files for the sidecar call alike: <c>dapr.yaml</c>, <c>components/local</c> and <c>components/cluster</c>.</summary>
public static class DaprNames
{
    /// <summary>The broker.</summary>
    public const string PubSub = "pubsub";

    /// <summary>The state store.</summary>
    public const string StateStore = "statestore";

    /// <summary>The secret store.</summary>
    public const string SecretStore = "secretstore";

    /// <summary>The retries and timeouts.</summary>
    public const string Resiliency = "resiliency";

    /// <summary>The sidecar's configuration.</summary>
    public const string Configuration = "configuration";

    /// <summary>Where a message of <paramref name="topic"/> goes that a subscriber could not take after every retry.</summary>
    public static string DeadLetterOf(string topic) => topic + ".dead";
}
