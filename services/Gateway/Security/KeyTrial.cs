using System.Net;
using System.Threading.RateLimiting;

namespace QuadTurbo.Gateway.Security;

/// <summary>What a key came to.</summary>
internal enum KeyVerdict
{
    /// <summary>It is one of the keys.</summary>
    Accepted,

    /// <summary>It is none of them, or there was none.</summary>
    Wrong,

    /// <summary>So many wrong ones came from that address within a minute that only generated keys are still looked at.</summary>
    TooManyWrong,
}

/// <summary>Tries keys, and counts the wrong ones of an address, whatever they were for.</summary>
/// <remarks>Guessing ends with the budget, and nobody's guesses keep the owner of a generated key from the kill switch.</remarks>
internal sealed class KeyTrial : IDisposable
{
    /// <summary>Over what wrong keys are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly KeyRing _keys;
    private readonly PartitionedRateLimiter<string> _wrong;

    /// <summary>The trial of a process.</summary>
    public KeyTrial(KeyRing keys, ApiSettings settings)
    {
        _keys = keys;
        int most = settings.WrongKeysPerMinute;
        _wrong = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetFixedWindowLimiter(
            address, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window, QueueLimit = 0 }));
    }

    /// <summary>Whether there is any key.</summary>
    public bool Any => _keys.Any;

    /// <summary>Whose wrong keys are counted together: an IPv4 address is one, however it was written.</summary>
    public static string Name(IPAddress? address) => $"{(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)}";

    /// <summary>Tries <paramref name="key"/>; a wrong one is counted.</summary>
    /// <param name="key">What was shown; null or empty for none.</param>
    /// <param name="address">Whence, by <see cref="Name"/>.</param>
    public KeyVerdict Try(string? key, string address)
    {
        using RateLimitLease left = _wrong.AttemptAcquire(address, permitCount: 0);
        if (_keys.Accepts(key, generatedOnly: !left.IsAcquired)) return KeyVerdict.Accepted;
        if (string.IsNullOrEmpty(key)) return KeyVerdict.Wrong;
        using RateLimitLease counted = _wrong.AttemptAcquire(address);
        return counted.IsAcquired ? KeyVerdict.Wrong : KeyVerdict.TooManyWrong;
    }

    /// <summary>Whether a key that was accepted still is.</summary>
    public bool Holds(byte[] hash) => _keys.AcceptsHash(hash);

    /// <inheritdoc/>
    public void Dispose() => _wrong.Dispose();
}
