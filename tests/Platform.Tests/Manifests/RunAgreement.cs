using System.Text.Json.Nodes;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Platform.Commands;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>dapr.yaml and who scrapes what it starts.</summary>
internal static class RunAgreement
{
    private const string Run = "dapr.yaml", Scrapes = "monitoring/prometheus.yaml";
    private static readonly string[] Ports = ["appPort", "daprHTTPPort", "daprGRPCPort", "metricsPort"];

    // The compatible ports of the product, and placement and scheduler of Dapr.
    private static readonly int[] Taken = [CompatSettings.ApiPort, CompatSettings.EnginePort, CompatSettings.StreamPort, CodeNames.FacePort, 50005, 50006];

    public static void Check(ManifestSet files, Differences differences)
    {
        JsonNode common = files.Read(Run)["common"]!;
        differences.Same(Run, "apps", CodeNames.AppIds, files.Apps().Select(a => (string)a["appID"]!));
        differences.Same(Run, "resourcesPaths", ["./components/local"], common["resourcesPaths"].Texts());
        bool configured = (string?)common["configFilePath"] == "./components/local/configuration.yaml";
        differences.Demand(configured, Run, "another configuration");
        bool inTime = (int)common["appHealthProbeTimeout"]! < 1000 * (int)common["appHealthProbeInterval"]!;
        differences.Demand(inTime, Run, "appHealthProbeTimeout is not below the interval");
        foreach (JsonNode app in files.Apps()) CheckApp(app, differences);
        IEnumerable<int> ports = files.Apps().SelectMany(a => Ports.Select(p => (int)a[p]!)).Concat(Taken).Concat(StoreAgreement.Ports(files));
        foreach (IGrouping<int, int> port in ports.GroupBy(p => p).Where(g => g.Count() > 1))
            differences.Demand(false, Run, $"port {port.Key} is used {port.Count()} times");
        foreach ((string job, string port) in new[] { ("services", "appPort"), ("sidecars", "metricsPort") }) CheckScrapes(files, job, port, differences);
    }

    private static void CheckApp(JsonNode app, Differences differences)
    {
        string id = (string)app["appID"]!;
        // Built once before: nine builds of one project at the same time wait for each other.
        string[] face = id == "gateway" ? ["--urls", RunCommand.DefaultUrl] : [];
        string[] command = ["dotnet", "run", "-c", "Release", "--no-build", "--project", "services/Platform", "--no-launch-profile", "--", "service", id, .. face];
        differences.Demand(app["command"].Texts().SequenceEqual(command), Run, $"{id} is started by another command");
        differences.Demand((string?)app["env"]!["QUADTURBO_DATA_DIR"] == $"data/services/{id}", Run, $"{id} keeps its data elsewhere");
    }

    private static void CheckScrapes(ManifestSet files, string job, string port, Differences differences)
    {
        JsonNode? scrape = files.Read(Scrapes)["scrape_configs"]!.AsArray().SingleOrDefault(s => (string?)s!["job_name"] == job);
        IEnumerable<string> targets = (scrape?["static_configs"]?.AsArray() ?? [])
            .SelectMany(s => s!["targets"].Texts().Select(t => $"{s["labels"]!["service"]} {t}"));
        differences.Same(Scrapes, job, files.Apps().Select(a => $"{a["appID"]} 127.0.0.1:{a[port]}"), targets);
    }
}
