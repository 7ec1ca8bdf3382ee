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

    private static async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Path.Compose(builder, Schedule.Concurrent, new LaneSettings { EnableProduction = true }, new GuardSettings(), PaperVenueSettings.Exact);
        WebApplication app = builder.Build();
        ProductionService.Definition.Map(app);
        EmbeddedTransport transport = app.Services.GetRequiredService<EmbeddedTransport>();
        transport.Start();
        await transport.PublishAsync(Topics.AccountRestored, Example.NewAccount);
        await transport.UntilIdleAsync();
        await app.StartAsync();
        return app;
    }
}
