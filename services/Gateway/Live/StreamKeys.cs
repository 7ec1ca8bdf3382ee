using System.Threading.RateLimiting;
using QuadTurbo.Gateway.Security;

namespace QuadTurbo.Gateway.Live;

/// <summary>The keys as the stream asks for them: only where others can reach it, and only so many wrong ones of an address in a minute.</summary>
internal sealed class StreamKeys(KeyRing ring, bool needed) : IDisposable
{
    /// <summary>Wrong keys of one address in a minute; whoever comes from there afterwards is not asked any more.</summary>
    public const int MostWrong = 10;

    private readonly PartitionedRateLimiter<string> _wrong = PartitionedRateLimiter.Create<string, string>(
        static address => RateLimitPartition.GetFixedWindowLimiter(
        address, static _ => new FixedWindowRateLimiterOptions { PermitLimit = MostWrong, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>Whether a client has to show one.</summary>
    public bool Needed => needed;

    /// <summary>Whether too many wrong keys came from there within a minute.</summary>
    public bool IsShut(string address)
    {
        using RateLimitLease lease = _wrong.AttemptAcquire(address, permitCount: 0);
        return !lease.IsAcquired;
    }

    /// <summary>Whether the key is accepted; a wrong one is counted.</summary>
    public bool Accepts(string? key, string address)
    {
        if (IsShut(address)) return false;
        if (ring.Accepts(key)) return true;
        _wrong.AttemptAcquire(address).Dispose();
        return false;
    }

    /// <summary>Whether a key that was accepted still is.</summary>
    public bool Holds(byte[] hash) => ring.AcceptsHash(hash);

    /// <inheritdoc/>
    public void Dispose() => _wrong.Dispose();
}
