using System.Text;

namespace QuadTurbo.Hosting.State;

/// <summary>What a key and a value of a state store may be.</summary>
public static class StateLimits
{
    /// <summary>The longest key [bytes of UTF-8].</summary>
    public const int KeyBytes = 256;

    /// <summary>The longest value [bytes].</summary>
    public const int ValueBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Refuses what is no key.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, not text, or has a zero character or <c>||</c> in it, which sidecars use themselves.</exception>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("key contains a zero character", nameof(key));
        if (key.Contains("||", StringComparison.Ordinal))
            throw new ArgumentException("key contains '||'", nameof(key));
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("key is not valid text: it contains half of a surrogate pair", nameof(key), e);
        }

        if (bytes > KeyBytes)
            throw new ArgumentOutOfRangeException(nameof(key), $"key is {bytes} bytes; the limit is {KeyBytes} bytes");
    }

    /// <summary>Refuses a value that is too large, or a time to live that is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is past its limit.</exception>
    public static void CheckValue(ReadOnlyMemory<byte> value, TimeSpan? ttl)
    {
        if (value.Length > ValueBytes)
            throw new ArgumentOutOfRangeException(nameof(value), $"value is {value.Length} bytes; the limit is {ValueBytes} bytes");
        if (ttl <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(ttl), $"ttl is {ttl}; it must be above zero");
    }

    /// <summary>When a value ends that is written now; null for never, which is also what lies beyond the calendar. [UTC ticks]</summary>
    internal static long? Expiry(TimeSpan? ttl, TimeProvider clock)
    {
        if (ttl is not { } time) return null;
        long now = clock.GetUtcNow().UtcTicks;
        return time.Ticks > DateTimeOffset.MaxValue.UtcTicks - now ? null : now + time.Ticks;
    }
}
