namespace QuadTurbo.Sidecar.State;

/// <summary>Which store is behind a state component.</summary>
public enum StateFlavour
{
    /// <summary>In memory: tags are UUIDs, transactions are all or nothing.</summary>
    InMemory,

    /// <summary>Redis: tags count up, a first-write key refuses plain writes, transactions do not roll back.</summary>
    Redis,
}

/// <summary>A state component.</summary>
public sealed record StateComponent
{
    /// <summary>Its <c>metadata.name</c>.</summary>
    public string Name { get; init; } = "statestore";

    /// <summary>The store behind it.</summary>
    public StateFlavour Flavour { get; init; } = StateFlavour.Redis;

    /// <summary><c>keyPrefix</c>: appid, name, none, or a prefix of its own.</summary>
    public string KeyPrefix { get; init; } = "appid";

    /// <summary>Most keys.</summary>
    public int Keys { get; init; } = 1_000_000;
}
