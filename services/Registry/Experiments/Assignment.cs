using System.Text;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Registry.Experiments;

/// <summary>Which arm a request goes to: the same one every time, whoever asks.</summary>
/// <remarks>
/// bucket = mix64(hash(id) xor mix64(salt)) mod 10,000 (learning.md section 7; mix64 is SplitMix64's finaliser). The challenger has the buckets below
/// share × 10,000: when its share grows, nobody who had it loses it. Another salt is another, independent assignment.
/// </remarks>
public static class Assignment
{
    /// <summary>Buckets: shares are told apart down to one in so many.</summary>
    public const int Buckets = 10_000;

    /// <summary>The bucket of an opportunity.</summary>
    public static int Bucket(OpportunityId id, long salt) => Bucket(SplitMix64.Mix(id.High) ^ id.Low, salt);

    /// <summary>The bucket of a <c>route_id</c>, or any other text.</summary>
    public static int Bucket(string id, long salt)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Bucket(Encoding.UTF8.GetBytes(id), salt);
    }

    /// <summary>The bucket of an identity's bytes.</summary>
    public static int Bucket(ReadOnlySpan<byte> id, long salt)
    {
        // FNV-1a of 64 bits; the mixing below mends what it lacks.
        ulong hash = 14695981039346656037UL;
        foreach (byte b in id) hash = (hash ^ b) * 1099511628211UL;
        return Bucket(hash, salt);
    }

    /// <summary>The arm of a bucket.</summary>
    /// <param name="bucket">0 to 9,999.</param>
    /// <param name="challengerShare">0 to 1, rounded to whole buckets.</param>
    public static Arm ArmOf(int bucket, double challengerShare) => bucket < Math.Round(challengerShare * Buckets) ? Arm.Challenger : Arm.Champion;

    private static int Bucket(ulong hash, long salt) => (int)(SplitMix64.Mix(hash ^ SplitMix64.Mix((ulong)salt)) % Buckets);
}
