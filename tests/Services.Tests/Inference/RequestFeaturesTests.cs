using QuadTurbo.Inference.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Services.Tests.Inference;

public sealed class RequestFeaturesTests
{
    private const RouteShape Dollars = RouteShape.Closed | RouteShape.FromDollars;

    [Theory]
    [InlineData(1000.0, 1012.0, 12.0, Dollars, 120.0, 120.0, null)]        // the golden request: nothing was taken off
    [InlineData(1000.0, 1012.0, 9.0, Dollars, 120.0, 90.0, 30.0)]            // 3 of 12 were
    [InlineData(1000.0, 1012.0, 50.0, Dollars, 120.0, 120.0, null)]        // more than the amounts cover is not believed
    [InlineData(1000.0, 990.0, -10.0, Dollars, -100.0, -100.0, null)]
    [InlineData(2.0, 2.02, 30.0, RouteShape.Closed, 100.0, 100.0, null)] // dollars cannot be compared with another token
    [InlineData(1000.0, 0.5, 12.0, RouteShape.FromDollars, null, 120.0, null)]
    [InlineData(1000.0, 0.5, 12.0, RouteShape.Open, null, null, null)]
    public void The_edge_is_what_amounts_and_profit_tell(double input, double output, double profit, RouteShape shape, double? gross, double? net, double? fee)
    {
        float[] row = Row(new PredictionInput { InputAmount = input, ExpectedOutput = output, ProfitUsd = profit, Shape = shape, Confidence = 0.5, Timestamp = double.NaN });

        Check(gross, row, "gross_edge_bps");
        Check(net, row, "net_edge_bps");
        Check(fee, row, "fee_bps");
        Check(fee is null ? null : gross / fee, row, "edge_to_cost");
    }

    [Fact]
    public void What_a_request_does_not_tell_is_not_known()
    {
        var row = new float[FeatureSchema.Count];
        uint missing = RequestFeatures.Fill(new PredictionInput { InputAmount = 1, ExpectedOutput = 1, Shape = Dollars, Confidence = 0.7, Timestamp = double.NaN }, row);

        string[] known = [.. FeatureSchema.Columns.Where((_, f) => !float.IsNaN(row[f])).Select(c => c.Name)];

        Assert.Equal(["gross_edge_bps", "net_edge_bps", "directional", "side", "runner", "confidence"], known);
        for (int f = 0; f < FeatureSchema.Count; f++) Assert.Equal(float.IsNaN(row[f]), (missing & 1u << f) != 0);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(21_600, 1, 0)]
    [InlineData(21_659, 1, 0)]
    [InlineData(1_700_006_400, 0, 1)]
    public void The_hour_is_that_of_the_timestamp_to_the_minute(double timestamp, double sin, double cos)
    {
        float[] row = Row(new PredictionInput { InputAmount = 1, ExpectedOutput = 1, Shape = Dollars, Timestamp = timestamp });

        Assert.Equal(sin, row[FeatureSchema.IndexOf("hour_sin")], 1e-6);
        Assert.Equal(cos, row[FeatureSchema.IndexOf("hour_cos")], 1e-6);
    }

    [Fact]
    public void Values_are_clipped_as_at_detection()
    {
        float[] row = Row(new PredictionInput { InputAmount = 1e-18, ExpectedOutput = 1e18, ProfitUsd = 1e15, Shape = Dollars, Timestamp = double.NaN });

        Assert.Equal(500, row[FeatureSchema.IndexOf("gross_edge_bps")]);
        Assert.Equal(500, row[FeatureSchema.IndexOf("net_edge_bps")]);
    }

    private static float[] Row(PredictionInput input)
    {
        var row = new float[FeatureSchema.Count];
        RequestFeatures.Fill(input, row);
        return row;
    }

    private static void Check(double? expected, float[] row, string feature)
    {
        float found = row[FeatureSchema.IndexOf(feature)];
        if (expected is null) Assert.True(float.IsNaN(found), $"{feature} is {found}");
        else Assert.Equal(expected.Value, found, 1e-3);
    }
}
