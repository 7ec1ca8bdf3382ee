using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Production;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Services.Tests.Production;

public class AccountEndpointTests
{
    [Fact]
    public async Task The_switch_is_thrown_and_released_over_http_with_a_reason()
    {
        await using WebApplication app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Ear ear = app.Services.GetRequiredService<Ear>();

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/kill", new { reason = "drill" })).StatusCode);
        Assert.Equal((false, true), await HealthAndKillAsync(client));
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/resume", new { reason = "drill over", confirm = "production" })).StatusCode);
        Assert.Equal((true, false), await HealthAndKillAsync(client));
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsJsonAsync("/api/resume", new { reason = "again", confirm = "production" })).StatusCode);

        await app.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        Assert.Equal([("killed", "drill"), ("resumed", "drill over")], ear.Changes.Select(c => (c.Event, c.Why)));
    }

    [Fact]
    public async Task The_stage_is_that_of_the_ledgers_facts_as_they_are_now()
    {
        var ledger = new Facts();
        await using WebApplication app = await StartAsync(also: builder =>
        {
            builder.Services.AddSingleton(ledger);
            builder.Answer(Queries.Graduation, static (Facts facts, GraduationQuestion _, CancellationToken _) => ValueTask.FromResult(facts.Now));
        });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        EmbeddedTransport transport = app.Services.GetRequiredService<EmbeddedTransport>();
        Assert.StartsWith("spring training: opportunities is 0", (await transport.AskAsync(Queries.Guard, default)).Stage, StringComparison.Ordinal);

        ledger.Now = new GraduationFacts(2_000, 1_000, 900, FilledTwins: 200, SameSign: 200, ShadowFilled: 500);

        Assert.Equal("production-eligible", (await transport.AskAsync(Queries.Guard, default)).Stage);
        JsonElement account = await client.GetFromJsonAsync<JsonElement>("/api/account");
        Assert.Equal("ProductionEligible", account.GetProperty("graduation").GetProperty("stage").GetString());
        Assert.Equal(["net_today", "open_orders"], account.EnumerateObject().Select(p => p.Name).Where(n => n.Contains('_', StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{\"reason\":\"over\"}", "confirm", "missing")]
    [InlineData("{\"reason\":\"over\",\"confirm\":\"Production\"}", "confirm", "'Production'")]
    [InlineData("{\"reason\":\"over\",\"confirm\":\"\"}", "confirm", "''")]
    [InlineData("{\"confirm\":\"production\"}", "reason", "missing")]
    [InlineData("{\"reason\":\"a\\u0007b\",\"confirm\":\"production\"}", "reason", "text with control characters")]
    public async Task Trading_is_not_resumed_without_the_lanes_name_typed(string body, string field, string value)
    {
        await using WebApplication app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await client.PostAsJsonAsync("/api/kill", new { reason = "drill" });

        HttpResponseMessage answer = await client.PostAsync("/api/resume", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal((field, value), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
        Assert.NotEmpty(problem.GetProperty("limit").GetString()!);
        Assert.True((await HealthAndKillAsync(client)).Killed);
    }

    [Theory]
    [InlineData("/api/kill", "{\"reason\":\"a\",\"reason\":\"b\"}", "reason", "given twice")]
    [InlineData("/api/kill", "{\"Reason\":\"a\"}", "Reason", "not a field of this request")]
    [InlineData("/api/kill", "{\"reason\":\"a\",\"also\":1}", "also", "not a field of this request")]
    [InlineData("/api/kill", "{\"reason\":\"a\\u202Eb\"}", "reason", "text with control characters")]
    [InlineData("/api/kill", "{\"reason\":\"a\\u2028b\"}", "reason", "text with control characters")]
    [InlineData("/api/kill", "[]", "", "a list")]
    [InlineData("/api/resume", "{\"reason\":\"a\",\"confirm\":\"production\",\"confirm\":\"production\"}", "confirm", "given twice")]
    public async Task What_is_no_field_or_given_twice_or_turns_a_line_is_refused_and_switches_nothing(string path, string body, string field, string value)
    {
        await using WebApplication app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        HttpResponseMessage answer = await client.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            ("invalid_field", field, value),
            (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
        Assert.False((await HealthAndKillAsync(client)).Killed);
    }

    [Fact]
    public async Task A_kill_that_the_ledger_does_not_keep_stops_trading_and_says_so()
    {
        var keeper = new Keeper { WhyNot = "the disk is full" };
        await using WebApplication app = await StartAsync(keeper);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        HttpResponseMessage answer = await client.PostAsJsonAsync("/api/kill", new { reason = "drill" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        JsonElement problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            ("not_kept", "killed", "drill"),
            (problem.GetProperty("code").GetString(), problem.GetProperty("event").GetString(), problem.GetProperty("reason").GetString()));
        Assert.Contains("trading is stopped in this process", problem.GetProperty("detail").GetString());
        Assert.Contains("the disk is full", problem.GetProperty("detail").GetString());
        Assert.True((await HealthAndKillAsync(client)).Killed);
    }

    [Theory]
    [InlineData(false, "killed")]
    [InlineData(true, "killed,resumed,killed")]
    public async Task A_resume_that_the_ledger_does_not_keep_leaves_trading_stopped_and_the_ledger_says_so_last(bool fillsMeanwhile, string told)
    {
        var keeper = new Keeper();
        await using WebApplication app = await StartAsync(keeper);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/kill", new { reason = "drill" })).StatusCode);
        if (fillsMeanwhile) keeper.OnResume = () => keeper.WhyNot = "the disk is full";
        else keeper.WhyNot = "the disk is full";

        HttpResponseMessage answer = await client.PostAsJsonAsync("/api/resume", new { reason = "over", confirm = "production" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("not_kept", JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString());
        Assert.True((await HealthAndKillAsync(client)).Killed);
        await app.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        Assert.Equal(told, string.Join(",", app.Services.GetRequiredService<Ear>().Changes.Select(c => c.Event)));
    }

    [Fact]
    public async Task A_kill_while_a_resume_waits_for_the_ledger_wins()
    {
        var keeper = new Keeper();
        await using WebApplication app = await StartAsync(keeper);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        TradingSwitch lever = app.Services.GetRequiredService<TradingSwitch>();
        await lever.KillAsync("drill");
        keeper.OnResume = () => Assert.Null(lever.KillAsync("again").GetAwaiter().GetResult().WhyNotKept);

        HttpResponseMessage answer = await client.PostAsJsonAsync("/api/resume", new { reason = "over", confirm = "production" });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("killed_again", await answer.Content.ReadAsStringAsync());
        Assert.True((await HealthAndKillAsync(client)).Killed);
        await app.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        Assert.Equal("killed", app.Services.GetRequiredService<Ear>().Changes[^1].Event);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.BadRequest)]
    [InlineData("  ", HttpStatusCode.BadRequest)]
    [InlineData("x501", HttpStatusCode.BadRequest)]
    [InlineData("x500", HttpStatusCode.OK)]
    public async Task A_switch_without_a_reason_is_not_thrown(string? reason, HttpStatusCode expected)
    {
        await using WebApplication app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        if (reason?[0] == 'x') reason = new string('x', int.Parse(reason[1..]));

        HttpResponseMessage answer = await client.PostAsJsonAsync("/api/kill", new { reason });

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.BadRequest) Assert.StartsWith("application/problem+json", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(expected == HttpStatusCode.OK, (await HealthAndKillAsync(client)).Killed);
    }

    [Fact]
    public void The_defaults_are_within_their_own_limits()
    {
        foreach (object settings in new object[] { new GuardSettings(), new GraduationSettings(), new PaperVenueSettings(), PaperVenueSettings.Exact })
            Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);
        Assert.Equal(3, ProductionService.Definition.Settings.Count);
    }

    private static async Task<(bool Healthy, bool Killed)> HealthAndKillAsync(HttpClient client)
    {
        JsonElement view = await client.GetFromJsonAsync<JsonElement>("/api/account");
        JsonElement breaker = view.GetProperty("breakers").EnumerateArray().Single(b => b.GetProperty("name").GetString() == Breaker.KillSwitch);
        Assert.Equal("SpringTraining", view.GetProperty("graduation").GetProperty("stage").GetString());
        return (view.GetProperty("healthy").GetBoolean(), breaker.GetProperty("since").ValueKind != JsonValueKind.Null);
    }

    private static async Task<WebApplication> StartAsync(Keeper? keeper = null, Action<WebApplicationBuilder>? also = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Path.Compose(builder, Schedule.Concurrent, new LaneSettings { EnableProduction = true }, new GuardSettings(), PaperVenueSettings.Exact);
        if (keeper is not null)
        {
            builder.Services.AddSingleton(keeper);
            builder.Answer(Queries.Durable, static (Keeper keeper, DurableQuestion asked, CancellationToken _) => ValueTask.FromResult(keeper.Answer(asked)));
        }
        also?.Invoke(builder);
        WebApplication app = builder.Build();
        ProductionService.Definition.Map(app);
        EmbeddedTransport transport = app.Services.GetRequiredService<EmbeddedTransport>();
        transport.Start();
        await transport.PublishAsync(Topics.AccountRestored, Example.NewAccount);
        await transport.UntilIdleAsync();
        await app.StartAsync();
        return app;
    }

    /// <summary>What the auditor would count.</summary>
    private sealed class Facts
    {
        public GraduationFacts Now { get; set; } = Example.NewAccount.Graduation;
    }

    /// <summary>Stands where the auditor stands.</summary>
    private sealed class Keeper
    {
        public string? WhyNot { get; set; }

        public Action? OnResume { get; set; }

        public DurableAnswer Answer(DurableQuestion asked)
        {
            if (asked.Change?.Event == AccountEvent.Resumed) OnResume?.Invoke();
            return new DurableAnswer(WhyNot);
        }
    }
}
