using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Auditor;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Services.Tests.Auditor.Ledger;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>What the pages say while the auditor's disk or tables are in trouble.</summary>
public sealed class AuditUnavailableTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(AuditTrouble.TablesDamaged, "tables_damaged")]
    [InlineData(AuditTrouble.DiskFull, "disk_full")]
    [InlineData(AuditTrouble.TablesUnreadable, "tables_unreadable")]
    [InlineData(AuditTrouble.LedgerWaits, "ledger_waits")]
    public async Task A_page_that_cannot_be_read_is_a_problem_with_its_code(AuditTrouble trouble, string code)
    {
        var unwell = new Unwell(trouble);
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, training: false, also: builder =>
        {
            builder.Services.AddSingleton(unwell);
            builder.Answer<Unwell, OpportunitiesQuestion, OpportunityPage>(Queries.Opportunities, static (u, _, _) => throw u.Refusal);
            builder.Answer<Unwell, PageQuestion, TwinsView>(Queries.Twins, static (u, _, _) => throw u.Refusal);
            builder.Answer<Unwell, StoryQuestion, Sought<JsonObject>>(Queries.Why, static (u, _, _) => throw u.Refusal);
        });

        foreach (string path in (string[])["/api/opportunities", "/api/twins", "/api/why/abcd", "/api/ml/predictions/recent"])
        {
            using HttpResponseMessage response = await host.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            JsonObject problem = await GatewayHost.ProblemAsync(response);
            Assert.Equal((code, "free space"), ((string?)problem["code"], (string?)problem["detail"]));
        }
    }

    [Fact]
    public async Task While_the_ledger_cannot_write_an_alert_stands_in_the_overview_and_no_page_names_its_folder()
    {
        bool full = false;
        var states = new BlockingCollection<LedgerState>();
        using var folder = new TemporaryLedger();
        await using GatewayHost host = await GatewayHost.StartAsync(inference: false, training: false, also: builder =>
        {
            AuditorService.Definition.Add(builder);
            builder.Services.AddSingleton(new LaneSettings());
            builder.Services.AddSingleton(new AuditRun(folder.Path, new SessionOpened { Session = "s", At = DateTime.UnixEpoch, Version = "0", FeatureSchema = "" }));
            builder.Services.AddSingleton(_ => folder.Open(TemporaryLedger.Small with
            {
                Faults = operation => operation.Kind == LedgerOperationKind.Write && Volatile.Read(ref full) ? new LedgerFault(LedgerFault.NoSpace) : null,
            }));
        });
        LedgerWriter ledger = host.Services.GetRequiredService<LedgerWriter>();
        ledger.Flush();
        ledger.OnState = states.Add;
        Assert.Empty((await AskAsync(host, "/api/overview"))["alerts"]!.AsArray());
        Volatile.Write(ref full, true);
        new RecordWriter(ledger).Write(host.Services.GetRequiredService<AuditRun>().Session);
        Assert.True(states.TryTake(out LedgerState state, Patience));
        Assert.Equal(LedgerState.Full, state);

        JsonNode alert = Assert.Single((await AskAsync(host, "/api/overview"))["alerts"]!.AsArray())!;
        JsonNode health = await AskAsync(host, "/health");

        Assert.Equal("ledger", (string?)alert["code"]);
        Assert.Contains("'000000000000.seg'", (string?)alert["cause"], StringComparison.Ordinal);
        JsonNode row = Assert.Single(health["checks"]!.AsArray(), c => (string?)c!["name"] == "ledger")!;
        Assert.Contains("'000000000000.seg'", (string?)row["why"], StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, health.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(health["checks"]!.AsArray(), c => (string?)c!["name"] == "tables");

        Volatile.Write(ref full, false);
        Assert.True(states.TryTake(out state, Patience));
        Assert.Equal(LedgerState.Healthy, state);
        Assert.Empty((await AskAsync(host, "/api/overview"))["alerts"]!.AsArray());
        Assert.True(File.Exists(Projector.PathIn(folder.Path)));
    }

    private static async Task<JsonNode> AskAsync(GatewayHost host, string path)
    {
        using HttpResponseMessage response = await host.Http.GetAsync(path);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private sealed record Unwell(AuditTrouble Trouble)
    {
        public AuditUnavailableException Refusal => new(Trouble, "free space");
    }
}
