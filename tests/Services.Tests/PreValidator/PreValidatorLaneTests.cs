using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.PreValidator;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.Scoring;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.PreValidator;

public class PreValidatorLaneTests
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    public void Pre_validation_may_be_off_only_while_production_is_off(bool prevalidation, bool production, bool allowed)
    {
        using IHost host = Compose(new LaneSettings { EnablePrevalidation = prevalidation, EnableProduction = production });

        if (allowed)
        {
            Assert.NotNull(host.Services.GetRequiredService<Validator>());
            return;
        }
        SettingsError error = Assert.Single(Assert.Throws<SettingsException>(() => host.Services.GetRequiredService<Validator>()).Errors);
        Assert.Equal("lanes.enablePrevalidation", error.Key);
        Assert.Contains("cannot be bypassed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_split_in_feed_order_and_both_halves_say_how_far_judging_has_come()
    {
        using IHost host = Compose(new LaneSettings());
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        transport.Start();
        Ear ear = host.Services.GetRequiredService<Ear>();

        await transport.PublishAsync(Topics.OpportunityDetected, Batch(7, Gap(0, 40), Gap(1, -40), Gap(2, 40), Gap(3, -40)));
        await transport.PublishAsync(Topics.OpportunityDetected, Batch(0, Gap(9, 40)) with { Submitted = true });
        await transport.PublishAsync(Topics.OpportunityDetected, Batch(8, Gap(4, -40)));

        Assert.Equal(["validated 7: 0,2 through 4", "refused 7: 1,3 through 4", "validated 0: 0 through 4", "refused 0:  through 4", "validated 8:  through 5", "refused 8: 0 through 5"], ear.Heard);
        Decision refused = ear.Decisions.Single(d => d.Id == Gap(1, -40).Id);
        Assert.Equal(["score_too_low", "no_profit", "below_costs"], refused.Reasons);
        Assert.Equal((ModelPackage.Baseline.Ref, double.NaN), (refused.Model, refused.MetaLabel));
        Assert.Equal(new ModelSet(ModelPackage.Baseline).Score(refused.Opportunity.Features, OpportunityKind.CrossVenue), refused.Score);
    }

    [Fact]
    public async Task A_trained_model_scores_from_the_next_batch_on_and_its_score_is_the_win_probability()
    {
        using IHost host = Compose(new LaneSettings());
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        transport.Start();
        ModelPackage trained = ModelPackage.Create(
            new ModelManifest { Label = "v0.1.1", Ordinal = 1, Kind = "test", Samples = 100, Seed = 0 },
            new LogisticHead(2.0, [], samples: 100), ModelPackage.Baseline.Directional);

        await transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = trained.Ref, Package = trained.Bytes, Why = "test" });
        await transport.PublishAsync(Topics.OpportunityDetected, Batch(0, Gap(0, 40), Gap(1, 40) with { Kind = OpportunityKind.Directional, Regime = Regime.Trend }));

        Ear ear = host.Services.GetRequiredService<Ear>();
        Assert.Equal(trained.Ref, ear.Decisions[0].Model);
        Assert.Equal(1 / (1 + Math.Exp(-2.0)), ear.Decisions[0].Score, 12);
        Assert.Equal(ear.Decisions[0].Score, ear.Decisions[0].MetaLabel);
        Assert.Equal((trained.Ref, double.NaN), (ear.Decisions[1].Model, ear.Decisions[1].MetaLabel));

        ModelAssigned forged = new() { Model = trained.Ref, Package = ModelPackage.Baseline.Bytes, Why = "forged" };
        await Assert.ThrowsAsync<ModelRefusedException>(async () => await transport.PublishAsync(Topics.ModelAssigned, forged));
    }

    [Fact]
    public async Task A_challenger_judges_its_share_under_its_own_name()
    {
        using IHost host = Compose(new LaneSettings());
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        transport.Start();
        ModelPackage challenger = ModelPackage.Create(
            new ModelManifest { Label = "v0.2.1", Ordinal = 1, Kind = "test", Samples = 100, Seed = 0 }, new LogisticHead(2.0, [], samples: 100), ModelPackage.Baseline.Directional);
        var assigned = new ModelAssigned { Model = challenger.Ref, Package = challenger.Bytes, Why = "test", Share = 0.5 };
        ModelRoster roster = ModelRoster.Baseline.After(assigned);
        Opportunity[] gaps = [.. Enumerable.Range(0, 64).Select(n => Gap(n, 40))];

        await transport.PublishAsync(Topics.ModelAssigned, assigned);
        await transport.PublishAsync(Topics.OpportunityDetected, Batch(0, gaps));

        Ear ear = host.Services.GetRequiredService<Ear>();
        Assert.All(ear.Decisions, d => Assert.Equal((roster.For(d.Id.High).Ref, roster.For(d.Id.High).Answer(d.Opportunity).Score), (d.Model, d.Score)));
        Assert.Equal(2, ear.Decisions.Select(d => d.Model).Distinct().Count());
    }

    private static Opportunity Gap(long n, float netEdgeBps) =>
        (Example.Gap(n, Example.Noon) with { GrossEdgeBps = netEdgeBps + 20, ExpectedProfit = (decimal)netEdgeBps }).With("net_edge_bps", netEdgeBps);

    private static OpportunityDetected Batch(long position, params Opportunity[] opportunities) => new() { Position = position, Opportunities = opportunities };

    private static IHost Compose(LaneSettings lanes)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(lanes).AddSingleton(new PreValidatorSettings()).AddSingleton(new GateSettings());
        builder.Services.AddSingleton(new CostSettings()).AddSingleton(new FeedSession("s")).AddSingleton(new InstrumentTable()).AddSingleton<Ear>();
        builder.CarryEmbedded(Schedule.Lockstep);
        PreValidatorService.Definition.Add(builder);
        builder.Subscribe<Ear, OpportunityJudged>(Topics.OpportunityValidated, static _ => Ear.Listen("validated"));
        builder.Subscribe<Ear, OpportunityJudged>(Topics.OpportunityRefused, static _ => Ear.Listen("refused"));
        return builder.Build();
    }

    private sealed class Ear
    {
        public List<string> Heard { get; } = [];

        public List<Decision> Decisions { get; } = [];

        public static Listener<Ear, OpportunityJudged> Listen(string topic) => new(
            (ear, judged, _) =>
            {
                ear.Heard.Add($"{topic} {judged.Position}: {string.Join(',', judged.Decisions.Select(d => d.Ordinal))} through {judged.JudgedThrough}");
                ear.Decisions.AddRange(judged.Decisions);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(100));
    }
}
