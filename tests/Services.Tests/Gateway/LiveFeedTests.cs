using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>From what the services say to what a client of the stream reads.</summary>
public sealed class LiveFeedTests
{
    private static readonly ModelRef Second = new("sha256:01", "v0.1.1", 1);

    [Fact]
    public async Task Verdicts_become_opportunities_and_predictions_and_outcomes_become_executions()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("opportunities", "predictions", "executions");
        Opportunity gap = Example.Gap(1, Example.Noon);

        await transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(1, 1, gap));
        await transport.UntilIdleAsync();
        await transport.PublishAsync(Topics.OutcomeExecuted, new OutcomesKnown([gap.Earned(1.25m, Example.Noon)]));

        JsonObject opportunity = await client.NewsAsync(), prediction = await client.NewsAsync(), execution = await client.NewsAsync();
        Assert.Equal(
            $$"""{"id":"{{gap.Id}}","at":"2023-03-11T12:00:00.000000Z","symbol":"BTC-USD","kind":"cross_venue","venues":["A","B"],"mode":"arb","side":"long","""
            + "\"gross_bps\":100,\"net_bps\":80,\"score\":0.9,\"passed\":true,\"reasons\":[],\"model\":\"v0.1.0\"}",
            opportunity["data"]!.ToJsonString());
        Assert.Equal(
            $$"""{"id":"{{gap.Id}}","at":"2023-03-11T12:00:00.000000Z","symbol":"BTC-USD","score":0.9,"model":"v0.1.0","passed":true}""",
            prediction["data"]!.ToJsonString());
        Assert.Equal("prediction", (string?)prediction["type"]);
        Assert.Equal("execution", (string?)execution["type"]);
        JsonNode filled = execution["data"]!;
        Assert.Equal(["production", "filled", "win", "USD"], new[] { "lane", "state", "result", "currency" }.Select(name => (string?)filled[name]));
        Assert.Equal(1.25m, decimal.Parse((string)filled["net"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Null(filled["missed"]);
    }

    [Fact]
    public async Task Learning_activity_and_what_the_guard_does_are_told()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false);
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        using LiveClient learning = await LiveClient.ConnectAsync(host), alerts = await LiveClient.ConnectAsync(host);
        await learning.SubscribeAsync("learning");
        await alerts.SubscribeAsync("alerts");
        Outcome shadow = Example.Gap(1, Example.Noon).Earned(1m, Example.Noon) with { Lane = Lane.ShadowSim, Trade = null, Missed = MissCode.NoQuote };

        await transport.PublishAsync(Topics.OutcomeExecuted, new OutcomesKnown([Example.Gap(2, Example.Noon).Earned(1m, Example.Noon)]));
        await transport.PublishAsync(Topics.OutcomeSimulated, new OutcomesKnown([shadow]));
        await transport.UntilIdleAsync();
        await transport.PublishAsync(Topics.ModelAssigned, new ModelAssigned { Model = Second, Package = default, Why = "a test says so", Share = 0.2 });
        await transport.PublishAsync(Topics.AccountChanged, new AccountChanged
        {
            Event = AccountEvent.Killed,
            What = Breaker.KillSwitch,
            Why = "<img src=x onerror=alert(1)>",
            At = Example.Noon,
        });
        await transport.PublishAsync(
            Topics.AccountChanged, new AccountChanged { Event = AccountEvent.Resumed, What = Breaker.KillSwitch, Why = "over", At = Example.Noon });

        JsonNode simulated = (await learning.NewsAsync())["data"]!, assigned = (await learning.NewsAsync())["data"]!;
        JsonNode killed = (await alerts.NewsAsync())["data"]!, resumed = (await alerts.NewsAsync())["data"]!;
        Assert.Equal(("shadow_sim", "missed", "no_quote"), ((string)simulated["lane"]!, (string)simulated["state"]!, (string)simulated["missed"]!));
        Assert.Equal(("model_assigned", "begins", "v0.1.1"), ((string)assigned["code"]!, (string)assigned["state"]!, (string)assigned["model"]!["label"]!));
        Assert.Equal(("kill_switch", "begins", "<img src=x onerror=alert(1)>"), ((string)killed["code"]!, (string)killed["state"]!, (string)killed["cause"]!));
        Assert.Equal(("kill_switch", "ends"), ((string)resumed["code"]!, (string)resumed["state"]!));
    }

    [Fact]
    public async Task Metrics_are_the_overview_every_second()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, also: static builder =>
        {
            builder.Services.AddSingleton(Audit);
            builder.Answer(Queries.Audit, static (AuditView audit, AuditQuestion _, CancellationToken _) => ValueTask.FromResult(audit));
        });
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("metrics");

        JsonObject first = await client.NewsAsync(), second = await client.NewsAsync();
        JsonNode page = JsonNode.Parse(await host.Http.GetStringAsync("/api/overview"))!;

        Assert.Equal(("metrics", "metrics"), ((string?)first["type"], (string?)second["type"]));
        Assert.NotEqual((string?)first["data"]!["now"], (string?)second["data"]!["now"]);
        page["now"] = (string?)second["data"]!["now"];
        Assert.Equal(page.ToJsonString(), second["data"]!.ToJsonString());
        Assert.Equal([4, 1, 2, 3], page["lanes"]!.AsArray().Select(lane => (int)lane!["number"]!));
    }

    private static AuditView Audit { get; } = new()
    {
        Session = "s",
        Version = "1",
        StartedAt = Example.Noon,
        Feed = "recording",
        Synthetic = false,
        AsOf = 3,
        Lanes = [View(4, "pre_validator"), View(1, "production"), View(2, "shadow_sim"), View(3, "training")],
        Detected = 2,
        DetectedPerS = 0.2,
        Conservation = new ConservationView { Opportunities = 2, Verdicts = 2, Due = 2, Outcomes = 1, Open = 1, Missing = 0 },
        Profit = new ProfitView { Production = "1", ShadowPassed = "1", ShadowAll = "-1", Currency = "USD" },
        Alerts = [],
    };

    private static LaneView View(int number, string name) =>
        new() { Number = number, Name = name, Enabled = true, Processed = 2, PerS = 1, QueueDepth = 0, QueueCapacity = 0, Dropped = 0 };

    [Fact]
    public async Task What_is_beyond_the_rate_is_counted_and_the_channel_is_told_how_much()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, settings: ("stream.messagesPerSecond", "10"));
        EmbeddedTransport transport = host.Services.GetRequiredService<EmbeddedTransport>();
        using LiveClient client = await LiveClient.ConnectAsync(host);
        await client.SubscribeAsync("opportunities");

        await transport.PublishAsync(Topics.OpportunityValidated, Example.Judged(1, 1, [.. Enumerable.Range(1, 1_000).Select(n => Example.Gap(n, Example.Noon))]));

        int came = 0;
        long omitted = 0;
        while (came + omitted < 1_000)
        {
            JsonObject message = await client.NextAsync();
            if ((string?)message["type"] == "opportunity") came++;
            else if ((string?)message["data"]!["event"] == "omitted") omitted += (long)message["data"]!["messages"]!;
        }
        Assert.InRange(came, 10, 30);
        Assert.Equal(1_000, came + omitted);
        Assert.Contains($"quadturbo_stream_omitted_total{{channel=\"opportunities\"}} {omitted}\n", await host.Http.GetStringAsync("/metrics"));
    }
}
