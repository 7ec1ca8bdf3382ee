using QuadTurbo.Learning.Numerics;
using QuadTurbo.Learning.Sequential;

namespace QuadTurbo.Libs.Tests.Learning.Sequential;

public sealed class SprtTests
{
    private const int Runs = 4000;

    [Fact]
    public void Its_boundaries_and_steps_are_Walds()
    {
        var test = Sprt.OfShare(0.1, 0.2, alpha: 0.05, beta: 0.1);
        Assert.Equal(Math.Log(0.9 / 0.05), test.Upper);
        Assert.Equal(Math.Log(0.1 / 0.95), test.Lower);

        test.Add(1);
        test.Add(0);
        test.Add(0);
        Assert.Equal(Math.Log(0.2 / 0.1) + 2 * Math.Log(0.8 / 0.9), test.LogRatio, 1e-15);

        var mean = Sprt.OfMean(0, 0.5, 2);
        mean.Add(1.5);
        Assert.Equal((-0.5 * Math.Pow((1.5 - 0.5) / 2, 2)) - (-0.5 * Math.Pow(1.5 / 2, 2)), mean.LogRatio, 1e-15);
    }

    [Fact]
    public void It_stops_for_good_at_a_boundary()
    {
        var test = Sprt.OfMean(0, 1, 1, 0.05, 0.05);
        Assert.Equal(SprtDecision.Continue, test.Add(3));
        Assert.Equal(SprtDecision.AcceptAlternative, test.Add(1));
        Assert.Equal(SprtDecision.AcceptAlternative, test.Add(-100));
        Assert.Equal(2, test.Count);
        Assert.Equal(SprtDecision.AcceptNull, Sprt.OfMean(0, 1, 1, 0.05, 0.05).Add(-3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_errors_and_its_average_length_are_those_that_Wald_foretells(bool share)
    {
        foreach (bool alternative in (bool[])[false, true])
        {
            int wrong = 0;
            long samples = 0;
            Sprt? last = null;
            for (int run = 0; run < Runs; run++)
            {
                var random = SplitMix64.Stream(run, "sprt");
                Sprt test = last = share ? Sprt.OfShare(0.3, 0.4, 0.05, 0.1) : Sprt.OfMean(1, 1.2, 1, 0.05, 0.1);
                while (test.Decision == SprtDecision.Continue)
                    test.Add(share ? random.NextDouble() < (alternative ? 0.4 : 0.3) ? 1 : 0 : (alternative ? 1.2 : 1) + random.NextNormal());
                samples += test.Count;
                if (test.Decision == SprtDecision.AcceptAlternative != alternative) wrong++;
            }
            double most = alternative ? 0.1 : 0.05;
            // Overshoot makes errors rarer and runs a little longer: Wald's figures are bounds.
            Assert.InRange(wrong / (double)Runs, 0.5 * most, most + 0.01);
            double expected = alternative ? last!.ExpectedUnderAlternative : last!.ExpectedUnderNull;
            Assert.InRange(samples / (double)Runs / expected, 0.97, 1.15);
        }
    }

    [Fact]
    public void A_restored_test_continues_bit_for_bit()
    {
        foreach (Sprt test in (Sprt[])[Sprt.OfShare(0.3, 0.2), Sprt.OfMean(1, 2, 5, 0.01, 0.02)])
        {
            test.Add(1);
            byte[] saved = test.Save();
            Sprt restored = Sprt.Restore(saved);
            test.Add(0);
            restored.Add(0);
            Assert.Equal(test.Save(), restored.Save());
            Assert.Equal((test.Upper, test.Lower, 2L), (restored.Upper, restored.Lower, restored.Count));
            for (int cut = 0; cut < saved.Length; cut++) Assert.Throws<InvalidDataException>(() => Sprt.Restore(saved.AsSpan(0, cut)));
            Assert.Throws<InvalidDataException>(() => Sprt.Restore([.. saved, 0]));
        }
    }

    [Fact]
    public void Hypotheses_that_cannot_be_told_apart_and_bad_samples_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Sprt.OfShare(0.3, 0.3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sprt.OfShare(0, 0.3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sprt.OfShare(0.2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sprt.OfShare(0.2, 0.3, 0.5, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sprt.OfMean(0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sprt.OfMean(double.NaN, 1, 1));
        Assert.Throws<ArgumentException>(() => Sprt.OfShare(0.2, 0.3).Add(0.5));
        Assert.Throws<ArgumentException>(() => Sprt.OfMean(0, 1, 1).Add(double.NaN));
    }
}
