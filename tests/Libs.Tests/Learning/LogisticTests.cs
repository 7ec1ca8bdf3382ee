using QuadTurbo.Learning.Online;

namespace QuadTurbo.Libs.Tests.Learning;

public class LogisticTests
{
    [Fact]
    public void Sigmoid_agrees_with_the_C_library_to_a_few_ulp()
    {
        for (double x = -700; x <= 700; x += 0.0137)
        {
            double e = Math.Exp(-Math.Abs(x));
            double expected = x >= 0 ? 1 / (1 + e) : e / (1 + e);
            Assert.InRange(Logistic.Sigmoid(x) / expected, 1 - 1e-15, 1 + 1e-15);
        }
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1e9, 1)]
    [InlineData(-1e9, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Sigmoid_is_exact_at_its_ends_and_its_middle(double margin, double expected) =>
        Assert.Equal(expected, Logistic.Sigmoid(margin));

    [Fact]
    public void Sigmoid_has_these_very_bits_on_every_machine()
    {
        // The exact values, rounded, end in A2BD and 8A3D.
        Assert.Equal(0x3FE7_64D4_F5D5_A2BD, BitConverter.DoubleToInt64Bits(Logistic.Sigmoid(1)));
        Assert.Equal(0x3F47_4125_93D9_8A3F, BitConverter.DoubleToInt64Bits(Logistic.Sigmoid(-7.25)));
    }
}
