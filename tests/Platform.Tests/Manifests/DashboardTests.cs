using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Platform.Tests.Architecture;
using QuadTurbo.Platform.Tests.Faults;
using QuadTurbo.Platform.Tests.Paths;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>Dashboards and alerts ask for what there is.</summary>
public sealed class DashboardTests
{
    private const string Variable = "${datasource}";

    private static readonly string Folder = Path.Combine(Sources.Root, "charts/platform/dashboards");
    private static readonly string[] Files = [.. Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Dashboards => new(Files);

    [Fact]
    public async Task Dashboards_and_alerts_name_only_metrics_that_the_platform_or_a_sidecar_exports()
    {
        HashSet<string> known = [.. MetricNames.On(await PageAsync()), .. MetricNames.OfSidecars, "up"];

        foreach ((string place, string query) in Queries())
        {
            Assert.NotEmpty(MetricNames.In(query));
            Assert.Empty(MetricNames.In(query).Except(known).Select(name => $"{place} asks for {name}, which nothing exports: {query}"));
        }
    }

    [Fact]
    public void There_are_dashboards_for_the_path_for_money_and_for_learning() =>
        Assert.Equal(["learning.json", "money.json", "path.json"], Files);

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_asks_the_source_that_its_reader_picks_and_says_what_each_panel_shows(string file)
    {
        JsonNode board = Read(file);
        JsonNode variable = Assert.Single(board["templating"]!["list"]!.AsArray())!;
        JsonNode[] panels = [.. board["panels"]!.AsArray().Select(p => p!)];

        Assert.Equal(("datasource", "datasource", "prometheus"), ((string)variable["name"]!, (string)variable["type"]!, (string)variable["query"]!));
        Assert.Equal(panels.Length, panels.Select(p => (int)p["id"]!).Distinct().Count());
        foreach (JsonNode panel in panels.Where(p => (string)p["type"]! != "row"))
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)panel["description"]), $"{file}: {panel["title"]} does not say what it shows");
            Assert.True((int)panel["gridPos"]!["x"]! + (int)panel["gridPos"]!["w"]! <= 24, $"{file}: {panel["title"]} is too wide");
            IEnumerable<JsonNode?> sources = panel["targets"]?.AsArray().Select(t => t!["datasource"]).Append(panel["datasource"]) ?? [];
            Assert.All(sources, source => Assert.Equal(Variable, (string?)source?["uid"]));
        }
    }

    [Theory]
    [InlineData("sum by (le, app_id) (rate(a_bucket{x=\"b\"}[5m]))", new[] { "a_bucket" })]
    [InlineData("sum(rate(a{m=\"none\"}[$__rate_interval])) / sum(rate(a[5m])) > 0.005", new[] { "a" })]
    [InlineData("max(a) != 0 or vector(0) and on (job) up", new[] { "a", "up" })]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(a:b_bucket[5m])))", new[] { "a:b_bucket" })]
    public void The_metrics_of_a_query_are_told_from_its_words(string query, string[] metrics) => Assert.Equal(metrics, MetricNames.In(query));

    private static IEnumerable<(string Place, string Query)> Queries()
    {
        foreach (string file in Files)
        {
            foreach (JsonNode? panel in Read(file)["panels"]!.AsArray())
                foreach (JsonNode? target in panel!["targets"]?.AsArray() ?? []) yield return ($"{file}, {panel["title"]}", (string)target!["expr"]!);
        }
        foreach (JsonNode? group in ManifestSet.OfRepository().Read("charts/platform/alerts/platform.yaml")["groups"]!.AsArray())
            foreach (JsonNode? rule in group!["rules"]!.AsArray()) yield return ($"alert {rule!["alert"]}", (string)rule["expr"]!);
    }

    // The page of a platform that has run, and every metric that only some event would have made.
    private static async Task<string> PageAsync()
    {
        using var folder = new TemporaryFolder();
        var plan = new PlatformRunPlan
        {
            Schedule = Schedule.Concurrent,
            DataDirectory = folder.Path,
            Settings = SharedOptions.Load(TheHouse.Services, "safety", null, ["feed.instants=20", "feed.symbols=1"]),
            Url = "http://127.0.0.1:0",
        };
        await using PlatformRun run = PlatformRun.Create(plan, TheHouse.Services);
        await run.StartAsync();
        await run.Pump.Completion;
        MetricNames.MakeAll();
        string page = run.Services.GetRequiredService<PrometheusPage>().Render();
        await run.StopAsync();
        return page;
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
}
