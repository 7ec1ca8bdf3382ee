using System.Globalization;

namespace QuadTurbo.Sidecar.State;

/// <summary>What one operation asks for; a null <paramref name="Value"/> takes the key away.</summary>
internal sealed record StateOperation(string Key, byte[]? Value, string? ETag, string? Concurrency, string? Ttl)
{
    public bool FirstWrite => Concurrency == "first-write";
}

/// <summary>A value with its tag.</summary>
internal sealed record StateItem(byte[] Value, string ETag, DateTimeOffset? Expires, bool FirstWrite);

/// <summary>How an operation ended.</summary>
internal enum StateEnd
{
    Done,
    Mismatch,
    InvalidTag,
    Failed,
}

/// <summary>One store, shared by all sidecars; its two flavours differ exactly as the contract's table says.</summary>
internal sealed class StateStore(StateComponent component, TimeProvider clock)
{
    private readonly Dictionary<string, StateItem> _items = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public StateComponent Component { get; } = component;

    /// <summary>Whether everything fails.</summary>
    public bool Down { get; set; }

    public StateItem? Get(string key)
    {
        lock (_lock) return Live(key);
    }

    /// <summary>One operation by itself.</summary>
    public StateEnd Apply(StateOperation operation)
    {
        lock (_lock) return Write(operation, inTransaction: false);
    }

    /// <summary>All operations; true if all succeeded. Redis keeps those that did even then.</summary>
    public bool Transact(IReadOnlyList<StateOperation> operations)
    {
        lock (_lock)
        {
            if (Component.Flavour == StateFlavour.Redis)
            {
                bool all = true;
                foreach (StateOperation operation in operations) all &= Write(operation with { Concurrency = null }, inTransaction: true) == StateEnd.Done;
                return all;
            }
            var before = operations.Select(o => o.Key).Distinct().ToDictionary(k => k, Live);
            if (operations.All(o => Write(o, inTransaction: true) == StateEnd.Done)) return true;
            foreach ((string key, StateItem? item) in before)
            {
                if (item is null) _items.Remove(key);
                else _items[key] = item;
            }
            return false;
        }
    }

    private StateEnd Write(StateOperation operation, bool inTransaction)
    {
        StateItem? current = Live(operation.Key);
        if (operation.Value is null) return Delete(operation, current);
        if (!TryExpiry(operation.Ttl, out DateTimeOffset? expires)) return StateEnd.Failed;
        if (current is null && _items.Count >= Component.Keys && !Sweep()) return StateEnd.Failed;
        return Component.Flavour == StateFlavour.Redis
            ? WriteRedis(operation, current, expires, inTransaction)
            : WriteInMemory(operation, current, expires);
    }

    private StateEnd WriteInMemory(StateOperation operation, StateItem? current, DateTimeOffset? expires)
    {
        if (operation.ETag is { } tag && tag != current?.ETag) return StateEnd.Mismatch;
        if (operation.ETag is null && operation.FirstWrite && current is not null) return StateEnd.Mismatch;
        _items[operation.Key] = new StateItem(operation.Value!, Guid.NewGuid().ToString(), expires, false);
        return StateEnd.Done;
    }

    private StateEnd WriteRedis(StateOperation operation, StateItem? current, DateTimeOffset? expires, bool inTransaction)
    {
        string? tag = operation.Concurrency == "last-write" ? null : operation.ETag;
        if (tag is not null && !inTransaction && !long.TryParse(tag, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return StateEnd.InvalidTag;
        bool free = current is null || tag == current.ETag || (tag is null or "0" && !current.FirstWrite);
        if (!free) return tag is null ? StateEnd.Failed : StateEnd.Mismatch;
        long version = current is null ? 0 : long.Parse(current.ETag, CultureInfo.InvariantCulture);
        string next = (version + 1).ToString(CultureInfo.InvariantCulture);
        DateTimeOffset? until = operation.Ttl is null ? current?.Expires : expires;
        _items[operation.Key] = new StateItem(operation.Value!, next, until, operation.FirstWrite || (current?.FirstWrite ?? false));
        return StateEnd.Done;
    }

    private StateEnd Delete(StateOperation operation, StateItem? current)
    {
        if (current is not null && operation.ETag is { } tag && tag != current.ETag) return StateEnd.Mismatch;
        _items.Remove(operation.Key);
        return StateEnd.Done;
    }

    /// <summary>An absent or non-positive time to live is none; what is no integer is an error.</summary>
    private bool TryExpiry(string? ttl, out DateTimeOffset? expires)
    {
        expires = null;
        if (string.IsNullOrEmpty(ttl)) return true;
        if (!int.TryParse(ttl, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seconds)) return false;
        if (seconds > 0) expires = clock.GetUtcNow().AddSeconds(seconds);
        return true;
    }

    private StateItem? Live(string key)
    {
        if (!_items.TryGetValue(key, out StateItem? item)) return null;
        if (item.Expires is null || item.Expires > clock.GetUtcNow()) return item;
        _items.Remove(key);
        return null;
    }

    private bool Sweep()
    {
        foreach (string key in _items.Where(i => i.Value.Expires <= clock.GetUtcNow()).Select(i => i.Key).ToArray()) _items.Remove(key);
        return _items.Count < Component.Keys;
    }
}
