using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Splits;

namespace QuadTurbo.Libs.Tests.Learning.Splits;

/// <summary>Labels in time for these tests, and the definition of a leak, pair by pair.</summary>
internal static class Spans
{
    public static LabelSpan Of(int start, int length) => new(start % 200, start % 200 + Math.Abs(length % 20));

    public static LabelSpan[] Draw(long seed, int count, int longest)
    {
        var random = SplitMix64.Stream(seed, "spans");
        var spans = new LabelSpan[count];
        for (int i = 0; i < count; i++)
        {
            long start = random.NextInt(4 * count);
            spans[i] = new LabelSpan(start, start + random.NextInt(longest + 1));
        }
        return spans;
    }

    public static bool Leak(LabelSpan train, LabelSpan test, long embargo) => train.Start <= test.End + embargo && train.End >= test.Start;

    /// <summary>From the first start to the last end.</summary>
    public static LabelSpan Hull(IEnumerable<int> rows, LabelSpan[] spans) => new(rows.Min(i => spans[i].Start), rows.Max(i => spans[i].End));
}
