namespace QuadTurbo.Learning.Splits;

/// <summary>The time that a sample's label looks at: from its entry to when the label is known, both included.</summary>
/// <remarks>In ticks of any one unit that the caller keeps to, each within ± <see cref="Limit"/>.</remarks>
/// <param name="Start">t₀: what is known then are the features.</param>
/// <param name="End">t₁, at or after the start.</param>
public readonly record struct LabelSpan(long Start, long End)
{
    /// <summary>2⁶²: so that a difference or an embargo never overflows.</summary>
    public const long Limit = 1L << 62;

    /// <exception cref="ArgumentException">A span ends before it starts, or lies outside the limit; it is named by its place.</exception>
    internal static void Check(ReadOnlySpan<LabelSpan> spans)
    {
        for (int i = 0; i < spans.Length; i++)
        {
            (long start, long end) = spans[i];
            if (end < start) throw new ArgumentException($"span {i} starts at {start} and ends before, at {end}", nameof(spans));
            if (start < -Limit || end > Limit) throw new ArgumentException($"span {i}, {start} to {end}, is outside ± 2^62", nameof(spans));
        }
    }
}
