using System.Numerics;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Auditor.Stories;

/// <summary>The first hex digits of an opportunity's id, as a person types them.</summary>
/// <param name="High">First half, the missing digits 0.</param>
/// <param name="Low">Second half, the missing digits 0.</param>
/// <param name="Digits">How many digits were given.</param>
internal readonly record struct IdPrefix(ulong High, ulong Low, int Digits)
{
    private const int Fewest = 4;
    private const int Most = 32;

    /// <summary>Reads 4 to 32 hex digits.</summary>
    /// <exception cref="UnknownStoryException">It is something else.</exception>
    public static IdPrefix Parse(string text) =>
        text.Length is >= Fewest and <= Most && OpportunityId.TryParse(text.PadRight(Most, '0'), out OpportunityId id)
            ? new IdPrefix(id.High, id.Low, text.Length)
            : throw new UnknownStoryException($"ID '{text}' is not {Fewest} to {Most} hex digits");

    /// <summary>The last id that begins with these digits: the missing ones f.</summary>
    public OpportunityId Last => new(
        High | (Digits >= 16 ? 0 : ulong.MaxValue >> (4 * Digits)), Low | (Digits >= 32 ? 0 : Digits <= 16 ? ulong.MaxValue : ulong.MaxValue >> (4 * (Digits - 16))));

    /// <summary>True when <paramref name="id"/> begins with these digits.</summary>
    public bool Begins(OpportunityId id) => Shared(id) == Digits;

    /// <summary>How many of these digits <paramref name="id"/> begins with.</summary>
    public int Shared(OpportunityId id)
    {
        int bits = id.High != High ? BitOperations.LeadingZeroCount(id.High ^ High) : 64 + BitOperations.LeadingZeroCount(id.Low ^ Low);
        return Math.Min(Digits, bits / 4);
    }
}
