using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Trading;

public class SeededRandomTests
{
    [Fact]
    public void A_generator_seeded_with_nought_gives_the_published_numbers()
    {
        // xoshiro256** whose state SplitMix64 filled from 0 (Blackman and Vigna); the key undoes the mixing of the root.
        SeededRandom random = SeededRandom.Keyed(0, 0xE220A8397B1DCDAFUL);

        Assert.Equal([0x99EC5F36CB75F2B4UL, 0xBF6E1F784956452AUL], [random.NextBits(), random.NextBits()]);
    }

    [Fact]
    public void A_stream_is_decided_by_root_and_name()
    {
        SeededRandom random = SeededRandom.Stream(42, "synthetic");
        Assert.Equal([0x42ACC63BDDF0F47AUL, 0xE56B055184F8BAB9UL, 0x0417AC5E8DF60ED1UL], [random.NextBits(), random.NextBits(), random.NextBits()]);

        Assert.NotEqual(0x42ACC63BDDF0F47AUL, SeededRandom.Stream(43, "synthetic").NextBits());
        Assert.NotEqual(0x42ACC63BDDF0F47AUL, SeededRandom.Stream(42, "synthetiC").NextBits());
    }

    [Fact]
    public void Streams_are_independent_of_each_other()
    {
        // Under independence the correlation of 20,000 pairs has a standard deviation of 0.007.
        SeededRandom[] streams = [.. new[] { "a", "b", "latency", "latenc" }.Select(name => SeededRandom.Stream(42, name)), SeededRandom.Keyed(42, 1), SeededRandom.Keyed(42, 2)];
        double[][] draws = [.. streams.Select(Draw)];
        for (int i = 0; i < draws.Length; i++)
            for (int j = i + 1; j < draws.Length; j++)
                Assert.InRange(Correlation(draws[i], draws[j]), -0.03, 0.03);
    }

    [Fact]
    public void A_copy_of_a_stream_draws_the_same_and_leaves_the_original_alone()
    {
        SeededRandom random = SeededRandom.Stream(1, "copy");
        SeededRandom copy = random;

        Assert.Equal(copy.NextBits(), random.NextBits());
    }

    [Fact]
    public void Uniform_and_normal_numbers_have_their_moments()
    {
        SeededRandom random = SeededRandom.Stream(7, "moments");
        double[] uniform = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextDouble())];
        double[] normal = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextNormal())];
        int[] dice = new int[6];
        for (int i = 0; i < 60_000; i++) dice[random.NextInt(6)]++;

        // Five standard errors.
        Assert.All(uniform, u => Assert.InRange(u, 0, Math.BitDecrement(1)));
        Assert.InRange(uniform.Average(), 0.5 - 0.0046, 0.5 + 0.0046);
        Assert.InRange(normal.Average(), -0.016, 0.016);
        Assert.InRange(normal.Average(x => x * x), 1 - 0.0224, 1 + 0.0224);
        Assert.All(dice, count => Assert.InRange(count, 10_000 - 457, 10_000 + 457));
        Assert.Equal(0, random.NextInt(1));
    }

    private static double[] Draw(SeededRandom random) => [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble())];

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Average() * 12;
    }
}
