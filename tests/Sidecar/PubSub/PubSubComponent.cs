namespace QuadTurbo.Sidecar.PubSub;

/// <summary>A publish-and-subscribe component with its resiliency.</summary>
public sealed record PubSubComponent
{
    /// <summary>Its <c>metadata.name</c>.</summary>
    public string Name { get; init; } = "pubsub";

    /// <summary>The inbound retry policy; null: one attempt.</summary>
    public RetryPolicy? Inbound { get; init; }

    /// <summary>The outbound retry policy; null: one attempt.</summary>
    public RetryPolicy? Outbound { get; init; }

    /// <summary>How long one delivery may take; null: for ever.</summary>
    public TimeSpan? InboundTimeout { get; init; }

    /// <summary><c>publishingScopes</c>: topics by app-id; an app-id that is not listed may publish all that are not protected.</summary>
    public IReadOnlyDictionary<string, string[]> PublishingScopes { get; init; } = new Dictionary<string, string[]>();

    /// <summary><c>subscriptionScopes</c>, alike.</summary>
    public IReadOnlyDictionary<string, string[]> SubscriptionScopes { get; init; } = new Dictionary<string, string[]>();

    /// <summary><c>allowedTopics</c>; empty: all.</summary>
    public string[] AllowedTopics { get; init; } = [];

    /// <summary><c>protectedTopics</c>: closed unless a scope names them.</summary>
    public string[] ProtectedTopics { get; init; } = [];

    internal bool Allows(string topic, string appId, IReadOnlyDictionary<string, string[]> scopes)
    {
        if (AllowedTopics.Length > 0 && !AllowedTopics.Contains(topic)) return false;
        if (scopes.TryGetValue(appId, out string[]? open)) return open.Contains(topic);
        return !ProtectedTopics.Contains(topic);
    }
}
