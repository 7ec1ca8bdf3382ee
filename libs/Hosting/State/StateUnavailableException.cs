namespace QuadTurbo.Hosting.State;

/// <summary>The state store did not answer, or failed: whether a change was made is not known until the key is read again.</summary>
public sealed class StateUnavailableException(string key, string why) : IOException($"the state store failed for '{key}': {why}")
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
