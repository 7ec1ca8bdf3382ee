namespace QuadTurbo.Hosting.State;

/// <summary>A durable map from keys to bytes with compare-and-set and times to live, on this machine or beside a sidecar.</summary>
/// <remarks>A change that has been answered is durable as far as the store behind it is. An expired value is missing to every call.</remarks>
public interface IStateStore
{
    /// <summary>The value of <paramref name="key"/>, or null if it has none.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long or not text.</exception>
    ValueTask<StateEntry?> GetAsync(string key, CancellationToken ct = default);

    /// <summary>Gives <paramref name="key"/> this value whatever it had; it vanishes after <paramref name="ttl"/>, if given.</summary>
    /// <exception cref="ArgumentException">The key or the value is past its limit, or the time to live is not positive.</exception>
    ValueTask<StateResult> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default);

    /// <summary>Gives <paramref name="key"/> this value if it has none; else <see cref="StateOutcome.Conflict"/>.</summary>
    /// <exception cref="ArgumentException">As for <see cref="SetAsync"/>.</exception>
    ValueTask<StateResult> CreateAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default);

    /// <summary>Gives <paramref name="key"/> this value if its tag is still <paramref name="etag"/>; else <see cref="StateOutcome.Conflict"/> or
    /// <see cref="StateOutcome.Missing"/>.</summary>
    /// <exception cref="ArgumentException">As for <see cref="SetAsync"/>.</exception>
    ValueTask<StateResult> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default);

    /// <summary>Takes the value of <paramref name="key"/> away, if its tag is <paramref name="etag"/> where that is given.</summary>
    /// <returns><see cref="StateOutcome.Missing"/> if there was none, <see cref="StateOutcome.Conflict"/> if it has another tag.</returns>
    /// <exception cref="ArgumentException">The key is empty, too long or not text.</exception>
    ValueTask<StateResult> DeleteAsync(string key, string? etag = null, CancellationToken ct = default);
}
