using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Numerics;

public sealed class SortingTests
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 255, 256, 257, 1_000, 5_000];

    [Fact]
    public void The_order_of_numbers_is_that_of_a_stable_sort()
    {
        Fixture numpy = Fixture.Load("numerics");
        double[] keys = numpy.Input("keys");

        Assert.Equal(numpy.Result("order"), Sorting.Order(keys).Select(i => (double)i));
        Assert.Equal(Sorting.Order(keys.Select(k => (float)k).ToArray()), Sorting.Order(keys));
    }

    public static TheoryData<string> Shapes =>
        ["uniform", "bell", "few values", "constant", "sorted", "reversed", "wide", "alike in 32 bits", "alike but one", "signed zeros"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Any_shape_and_length_sorts_as_a_stable_comparison_sort_does(string shape)
    {
        foreach (int n in Lengths)
        {
            var random = SplitMix64.Stream(n, shape);
            double[] keys = [.. Enumerable.Range(0, n).Select(i => Draw(shape, i, ref random))];
            AgreesWithComparison(keys);
        }
    }

    [Fact]
    public void Whatever_the_bits_they_sort_as_a_stable_comparison_sort_does()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(long, int, int)>(), draw =>
        {
            var random = new SplitMix64(draw.Item1);
            // Few distinct values of any bits, some of them infinite or denormal, repeated until radix passes run.
            double[] values = [.. Enumerable.Range(0, 1 + Math.Abs(draw.Item2 % 50)).Select(_ => BitConverter.UInt64BitsToDouble(random.NextBits()))];
            double[] keys = [.. Enumerable.Range(0, Math.Abs(draw.Item3 % 700)).Select(_ => values[random.NextInt(values.Length)])];
            AgreesWithComparison([.. keys.Where(k => !double.IsNaN(k))]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Minus_zero_ties_with_zero_and_is_written_as_zero()
    {
        Assert.Equal([3, 0, 1, 2], Sorting.Order([0.0, -0.0, 0.0, -1.0]));
        Assert.Equal([3, 0, 1, 2], Sorting.Order([0f, -0f, 0f, -1f]));
        foreach (int n in (int[])[3, 300])
        {
            double[] values = [.. Enumerable.Repeat(-0.0, n), 1];
            float[] singles = [.. Enumerable.Repeat(-0f, n), 1];
            Sorting.Sort(values);
            Sorting.Sort(singles);
            Assert.All(values, v => Assert.False(double.IsNegative(v)));
            Assert.All(singles, v => Assert.False(float.IsNegative(v)));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void Infinities_stand_at_the_ends_and_what_is_not_a_number_is_refused_by_its_place(int n)
    {
        double[] keys = [.. Enumerable.Range(0, n).Select(i => (double)i), double.PositiveInfinity, double.NegativeInfinity];
        float[] singles = [.. keys.Select(k => (float)k)];

        Assert.Equal((n + 1, n), (Sorting.Order(keys)[0], Sorting.Order(keys)[^1]));
        Assert.Equal((n + 1, n), (Sorting.Order(singles)[0], Sorting.Order(singles)[^1]));
        (keys[7], singles[7]) = (double.NaN, float.NaN);
        Action[] all = [() => Sorting.Order(keys), () => Sorting.Order(singles), () => Sorting.Sort(keys), () => Sorting.Sort(singles)];
        Assert.All(all, sort => Assert.Contains("value 7 is NaN", Assert.Throws<ArgumentException>(sort).Message, StringComparison.Ordinal));
        keys[7] = -double.NaN;
        Assert.Throws<ArgumentException>(() => Sorting.Order(keys));
        Assert.Throws<ArgumentException>(() => Sorting.Order([double.NaN]));
        Assert.Throws<ArgumentException>(() => Sorting.Sort((float[])[float.NaN, float.NaN]));
        Assert.Throws<ArgumentException>(() => Sorting.Sort((double[])[double.NaN, double.NaN]));
    }

    [Fact]
    public void Positions_need_their_room() => Assert.Throws<ArgumentException>(() => Sorting.Order([1.0, 2.0], new int[1]));

    [Fact]
    public void A_sort_into_given_room_allocates_nothing()
    {
        var random = new SplitMix64(1);
        double[] keys = [.. Enumerable.Range(0, 5_000).Select(_ => random.NextNormal())];
        var order = new int[keys.Length];
        Sorting.Order(keys, order);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) Sorting.Order(keys, order);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private static void AgreesWithComparison(double[] keys)
    {
        int[] byNumber = [.. Enumerable.Range(0, keys.Length).OrderBy(i => keys[i])];
        Assert.Equal(byNumber, Sorting.Order(keys));
        float[] singles = [.. keys.Select(k => (float)k)];
        int[] bySingle = [.. Enumerable.Range(0, keys.Length).OrderBy(i => singles[i])];
        Assert.Equal(bySingle, Sorting.Order(singles));
        double[] sorted = [.. keys];
        float[] sortedSingles = [.. singles];
        Sorting.Sort(sorted);
        Sorting.Sort(sortedSingles);
        Assert.Equal(byNumber.Select(i => keys[i]), sorted);
        Assert.Equal(bySingle.Select(i => singles[i]), sortedSingles);
    }

    private static double Draw(string shape, int i, ref SplitMix64 random) => shape switch
    {
        "uniform" => random.NextDouble(),
        "bell" => random.NextNormal(),
        "few values" => random.NextInt(5) / 4.0,
        "constant" => -3.5,
        "sorted" => i,
        "reversed" => -i,
        "wide" => (random.NextDouble() - 0.5) * Math.Pow(2, random.NextInt(2_000) - 1_000),
        "alike in 32 bits" => 1 + random.NextInt(1 << 15) * double.Epsilon * Math.Pow(2, 1022),
        "alike but one" => i == 5 ? -1e300 : 1 + random.NextDouble() * 1e-9,
        _ => (random.NextInt(3) - 1) * 0.0,
    };
}
