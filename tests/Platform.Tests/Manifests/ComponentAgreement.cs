using System.Text.Json.Nodes;
using QuadTurbo.Hosting.Transport.Dapr;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>Names, scopes, topics and policies of both folders of components.</summary>
internal static class ComponentAgreement
{
    private static readonly (string File, string Name)[] Names =
    [
        ("pubsub", DaprNames.PubSub), ("statestore", DaprNames.StateStore), ("secretstore", DaprNames.SecretStore),
        ("resiliency", DaprNames.Resiliency), ("configuration", DaprNames.Configuration),
    ];

    // Who keeps something outside its own files: the feed's position, the account, the online learner.
    private static readonly string[] Keepers = ["market-data", "production", "training"];

    public static void Check(ManifestSet files, Differences differences)
    {
        foreach (string folder in new[] { "components/local", "components/cluster" })
        {
            foreach ((string file, string name) in Names) CheckName(files, $"{folder}/{file}.yaml", name, differences);
            string state = $"{folder}/statestore.yaml";
            differences.Demand(files.Setting(state, "actorStateStore") == "true", state, "no state for actors");
            CheckTopics(files, $"{folder}/pubsub.yaml", differences);
            CheckResiliency(files, $"{folder}/resiliency.yaml", differences);
            CheckConfiguration(files, $"{folder}/configuration.yaml", differences);
        }
    }

    private static void CheckName(ManifestSet files, string path, string name, Differences differences)
    {
        bool plain = files.Text(path).Contains($"\nmetadata:\n  name: {name}\n", StringComparison.Ordinal);
        differences.Demand(plain, path, $"its name is not {name} without quotes");
        if (name == DaprNames.Configuration) return;
        JsonNode file = files.Read(path);
        differences.Same(path, "scopes", name == DaprNames.StateStore ? Keepers : CodeNames.AppIds, file["scopes"].Texts());
        bool secretive = file["spec"]!["metadata"] is JsonArray settings && settings.Any(s => s!["secretKeyRef"] is not null);
        bool asksTheStore = (string?)file["auth"]?["secretStore"] == DaprNames.SecretStore;
        differences.Demand(!secretive || asksTheStore, path, $"its secrets are not from {DaprNames.SecretStore}");
    }

    private static void CheckTopics(ManifestSet files, string path, Differences differences)
    {
        IEnumerable<string> dead = CodeNames.Heard.Values.SelectMany(t => t).Distinct().Select(DaprNames.DeadLetterOf);
        differences.Same(path, "allowedTopics", CodeNames.AllTopics.Concat(dead), files.Setting(path, "allowedTopics").Split(','));
        Dictionary<string, string[]> saying = Scopes(files.Setting(path, "publishingScopes")), hearing = Scopes(files.Setting(path, "subscriptionScopes"));
        differences.Same(path, "publishingScopes", CodeNames.AppIds, saying.Keys);
        differences.Same(path, "subscriptionScopes", CodeNames.AppIds, hearing.Keys);
        foreach (string app in CodeNames.AppIds)
        {
            IReadOnlySet<string> heard = CodeNames.Heard[app];
            IEnumerable<string> said = CodeNames.Said[app].Concat(heard.Select(DaprNames.DeadLetterOf));
            differences.Same(path, $"subscriptionScopes of {app}", heard, hearing.GetValueOrDefault(app, []));
            differences.Same(path, $"publishingScopes of {app}", said, saying.GetValueOrDefault(app, []));
        }
    }

    private static void CheckResiliency(ManifestSet files, string path, Differences differences)
    {
        JsonNode spec = files.Read(path)["spec"]!, targets = spec["targets"]!;
        differences.Same(path, "targets.apps", CodeNames.AppIds, targets["apps"].Keys());
        differences.Same(path, "targets.components", [DaprNames.PubSub, DaprNames.StateStore], targets["components"].Keys());
        JsonNode? broker = targets["components"]?[DaprNames.PubSub];
        differences.Demand(broker?["inbound"] is not null, path, $"{DaprNames.PubSub} has no inbound policy");
        IEnumerable<JsonNode?> ofApps = targets["apps"]!.AsObject().Select(a => a.Value);
        IEnumerable<JsonNode?> ofComponents = targets["components"]!.AsObject().SelectMany(c => c.Value!.AsObject()).Select(d => d.Value);
        JsonNode?[] used = [.. ofApps, .. ofComponents];
        foreach ((string kind, string use) in new[] { ("timeouts", "timeout"), ("retries", "retry") })
            differences.Same(path, $"policies.{kind}", used.Select(u => (string?)u![use]).OfType<string>().Distinct(), spec["policies"]![kind].Keys());
    }

    private static void CheckConfiguration(ManifestSet files, string path, Differences differences)
    {
        JsonNode spec = files.Read(path)["spec"]!;
        differences.Demand((string?)spec["tracing"]!["samplingRate"] == "0.001", path, "samplingRate is not 1 in 1,000");
        differences.Demand((bool)spec["metrics"]!["enabled"]!, path, "no metrics");
        bool closed = spec["secrets"]!["scopes"]!.AsArray().Any(s => (string?)s!["storeName"] == DaprNames.SecretStore);
        differences.Demand(closed, path, $"{DaprNames.SecretStore} is open to services");
    }

    private static Dictionary<string, string[]> Scopes(string setting) => setting.Split(';').Select(part => part.Split('='))
        .ToDictionary(part => part[0], part => part[^1].Split(',', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
