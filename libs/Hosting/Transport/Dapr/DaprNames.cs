namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>What code, <c>dapr.yaml</c> and the component files call the same.</summary>
public static class DaprNames
{
    /// <summary>The broker.</summary>
    public const string PubSub = "pubsub";

    /// <summary>The state store.</summary>
    public const string StateStore = "statestore";

    /// <summary>The secret store.</summary>
    public const string SecretStore = "secretstore";

    /// <summary>Retries and timeouts.</summary>
    public const string Resiliency = "resiliency";

    /// <summary>The configuration.</summary>
    public const string Configuration = "quadturbo";

    /// <summary>Where messages of <paramref name="topic"/> end that cannot be handled.</summary>
    public static string DeadLetterOf(string topic) => topic + ".dead";
}
