using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training.Dataset;
using static QuadTurbo.Services.Tests.Production.Example;

namespace QuadTurbo.Services.Tests.Training;

public class DatasetTests
{
    [Fact]
    public void A_full_buffer_lets_its_oldest_sample_go()
    {
        var buffer = new SampleBuffer(3);
        for (int n = 0; n < 5; n++) buffer.Add(Of(n));

        Assert.Equal([2L, 3L, 4L], buffer.ToArray().Select(s => (long)s.NetBps));
        Assert.Equal((3, 5L), (buffer.Count, buffer.Total));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleBuffer(0));
    }

    [Fact]
    public void Samples_survive_their_bytes_and_bytes_cut_short_are_refused()
    {
        Sample[] samples = [Of(0), Of(1) with { Kind = OpportunityKind.Directional, Won = true, Lane = Lane.Production, Score = double.NaN }];
        byte[] bytes = SampleBytes.Write(samples);

        Assert.Equal(samples, SampleBytes.Read(bytes), SameSample);
        Assert.Empty(SampleBytes.Read([]));
        for (int cut = 1; cut < bytes.Length; cut++) Assert.Throws<InvalidDataException>(() => SampleBytes.Read(bytes[..cut]));
        Assert.Throws<InvalidDataException>(() => SampleBytes.Read([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    }

    [Fact]
    public void The_slippage_of_a_gap_is_the_edge_lost_and_of_a_direction_the_way_to_the_entry()
    {
        // Bought at 1001 instead of 1000 and sold at 1009 instead of 1010: 100 bps seen, 79.92 traded.
        Sample gap = Sample.Of(Gap(0, Noon).Passed(), Lane.ShadowSim, Traded(TradeSide.Long, 1001m, 1009m));
        Assert.Equal(100 - (1009.0 / 1001 - 1) * 1e4, gap.SlippageBps, 9);

        Sample longer = Sample.Of(Long(0, Noon).Passed(), Lane.ShadowSim, Traded(TradeSide.Long, 1001m, 1009m));
        Assert.Equal(10, longer.SlippageBps, 9);
        Sample shorter = Sample.Of((Long(0, Noon) with { Side = TradeSide.Short }).Passed(), Lane.ShadowSim, Traded(TradeSide.Short, 998m, 990m));
        Assert.Equal((1 - 998.0 / 999) * 1e4, shorter.SlippageBps, 9);
    }

    [Fact]
    public void An_export_is_read_back_as_the_samples_it_was_made_of()
    {
        Decision decision = Gap(3, Noon).With("net_edge_bps", 1.25f).Passed();
        Trade trade = Traded(TradeSide.Long, 1001m, 1009m);

        Sample read = Assert.Single(TrainingImport.Read([Exported(decision, trade)]));

        Assert.Equal(Sample.Of(decision, Lane.ShadowSim, trade), read, SameSample);
    }

    [Theory]
    [InlineData("\"kind\":\"cross_venue\"", "\"kind\":\"sideways\"", "line 1: 'kind' is 'sideways'; it is cross_venue or directional")]
    [InlineData("\"label\":1", "\"label\":2", "line 1: 'label' is neither 0 nor 1")]
    [InlineData("\"net_edge_bps\"", "\"net_edge\"", "line 1: lacks 'net_edge_bps'")]
    [InlineData("\"slippage_bps\"", "\"slip\"", "line 1: lacks 'slippage_bps'")]
    [InlineData("{\"id\"", "\"id\"", "line 1: ")]
    public void A_line_that_is_no_sample_is_refused_with_its_number_and_field(string old, string replacement, string message)
    {
        string line = Exported(Gap(3, Noon).Passed(), Traded(TradeSide.Long, 1000m, 1009m));
        Assert.Contains(old, line, StringComparison.Ordinal);

        var refusal = Assert.Throws<InvalidDataException>(() => TrainingImport.Read([line.Replace(old, replacement, StringComparison.Ordinal)]));

        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_opportunity_that_comes_twice_is_refused_with_both_lines()
    {
        string line = Exported(Gap(3, Noon).Passed(), Traded(TradeSide.Long, 1000m, 1009m));

        var refusal = Assert.Throws<InvalidDataException>(() => TrainingImport.Read([line, "", line]));

        Assert.Matches("^line 3: id [0-9a-f]{32} is also on line 1$", refusal.Message);
    }

    [Fact]
    public void Samples_of_another_feature_schema_are_refused() =>
        Assert.Contains(
            $"feature schema {new string('0', 64)}; this version reads {FeatureSchema.Hash}",
            Assert.Throws<InvalidDataException>(() => TrainingImport.Read(
                [Exported(Gap(3, Noon).Passed(), Traded(TradeSide.Long, 1000m, 1009m)).Replace(FeatureSchema.Hash, new string('0', 64), StringComparison.Ordinal)])).Message,
            StringComparison.Ordinal);

    private static Sample Of(int n) => Sample.Of(Gap(n, Noon).With("net_edge_bps", n).Passed(), Lane.ShadowSim, Traded(TradeSide.Long, 1000m, 1010m)) with { NetBps = n };

    private static Trade Traded(TradeSide side, decimal entry, decimal exit) => new()
    {
        Entry = new Fill(A, entry, entry, entry, 0.1m, 0m, Noon.AddMinutes(1)),
        Exit = new Fill(B, exit, exit, exit, 0.1m, 0m, Noon.AddMinutes(1)),
        Side = side,
        Reason = ExitReason.Legs,
    };

    private static string Exported(Decision decision, Trade trade)
    {
        using var memory = new MemoryStream();
        using (var export = new TrainingExport(memory)) export.Write(new LabelledSample(decision, Lane.ShadowSim, trade));
        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }

    private static bool SameSample(Sample a, Sample b) => SampleBytes.Write([a]).AsSpan().SequenceEqual(SampleBytes.Write([b]));
}
