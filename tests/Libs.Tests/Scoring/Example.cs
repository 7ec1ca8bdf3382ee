using QuadTurbo.Learning.Online;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Libs.Tests.Scoring;

/// <summary>Small complete opportunities and packages.</summary>
internal static class Example
{
    public static FeatureVector Features(double netEdgeBps, double confidence)
    {
        FeatureVector features = FeatureVector.Unknown;
        features[FeatureSchema.IndexOf("net_edge_bps")] = (float)netEdgeBps;
        features[FeatureSchema.IndexOf("confidence")] = (float)confidence;
        return features;
    }

    public static Opportunity Opportunity(OpportunityKind kind, FeatureVector features) => new()
    {
        Id = default,
        Position = 0,
        KnownAt = default,
        Timing = default!,
        Kind = kind,
        Mode = TradeMode.Arb,
        Side = TradeSide.Long,
        Buy = default,
        Sell = default,
        Quantity = 1,
        Size = SizeKnowledge.Known,
        GrossEdgeBps = 0,
        FeeBps = 0,
        ExpectedProfit = 0,
        NetPositive = true,
        Confidence = 0.5,
        Regime = default,
        SpreadBps = 1,
        VolumeRatio = double.NaN,
        Features = features,
    };

    /// <summary>Rows with one value in ten missing, kinds alternating.</summary>
    public static Opportunity[] Opportunities(int count)
    {
        SeededRandom random = SeededRandom.Stream(11, "scoring-examples");
        var opportunities = new Opportunity[count];
        for (int i = 0; i < count; i++)
        {
            FeatureVector features = FeatureVector.Unknown;
            for (int f = 0; f < FeatureSchema.Count; f++)
                if (random.NextDouble() > 0.1) features[f] = FeatureSchema.Clip(f, 3 * random.NextNormal());
            opportunities[i] = Opportunity(i % 2 == 0 ? OpportunityKind.CrossVenue : OpportunityKind.Directional, features);
        }
        return opportunities;
    }

    /// <summary>A learner that has seen the examples, labelled by the sign of their first feature.</summary>
    public static FtrlModel Learner(int samples)
    {
        var model = new FtrlModel(FeatureSchema.Count);
        foreach (Opportunity opportunity in Opportunities(samples)) model.Update(opportunity.ReadFeatures(), opportunity.ReadFeatures()[0] > 0);
        return model;
    }

    public static ModelPackage Trained(int samples = 1_500) => ModelPackage.Create(
        new ModelManifest { Label = "v1.2.3", Ordinal = 7, Kind = "online", Samples = samples, Seed = 42, Notes = "quote \" and é" },
        new FtrlHead(Learner(samples).Freeze(), samples),
        new LogisticHead(0.1, [new LogisticTerm("net_edge_bps", 1, 0.2, MissingRule.Neutral)], samples: 0));
}
