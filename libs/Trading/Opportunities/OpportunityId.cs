using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace QuadTurbo.Trading.Opportunities;

/// <summary>
/// hash(feed, session, feed position, route): trace id, idempotency key, partition-independent key and A/B hash of one opportunity.
/// </summary>
/// <remarks>128 bits, printed as 32 hex digits, which is a W3C trace id.</remarks>
public readonly record struct OpportunityId(ulong High, ulong Low)
{
    /// <summary>The id of what <paramref name="route"/> showed at <paramref name="position"/>.</summary>
    /// <remarks>Each half is a bijection of the position under its own key, so ids of one route never collide.</remarks>
    public static OpportunityId Of(in RouteKey route, long position) =>
        new(Mix(route.High ^ (ulong)position), Mix(route.Low + (ulong)position * 0x9E3779B97F4A7C15UL));

    /// <summary>Reads 32 hex digits.</summary>
    public static bool TryParse(string? text, out OpportunityId id)
    {
        id = default;
        if (text is not { Length: 32 }
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low)) return false;
        id = new OpportunityId(high, low);
        return true;
    }

    /// <summary>The bits are mixed already.</summary>
    public override int GetHashCode() => (int)Low;

    /// <summary>32 hex digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}

/// <summary>The part of an opportunity's identity that does not change from one position to the next; computed once per route.</summary>
public readonly record struct RouteKey(ulong High, ulong Low)
{
    /// <summary>The key of one route in one session of one feed.</summary>
    public static RouteKey Of(string feed, string session, string route)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{feed}\n{session}\n{route}"), hash);
        return new RouteKey(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }
}
