using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>What docker-compose.yaml brings, and who looks for it where.</summary>
internal static class StoreAgreement
{
    private const string Compose = "docker-compose.yaml", Listen = "--web.listen-address=127.0.0.1:";

    /// <summary>The ports of the machine that it takes: those that are mapped, and those of the two that use the machine's network.</summary>
    public static IEnumerable<int> Ports(ManifestSet files)
    {
        foreach ((_, JsonNode? service) in files.Read(Compose)["services"]!.AsObject())
        {
            foreach (string port in service!["ports"].Texts()) yield return Reading.Port(port[..port.LastIndexOf(':')]);
            foreach (string word in service["command"].Texts().Where(c => c.StartsWith(Listen, StringComparison.Ordinal))) yield return Reading.Port(word);
            JsonNode? environment = service["environment"];
            if ((string?)environment?["GF_SERVER_HTTP_ADDR"] == "127.0.0.1") yield return Reading.Port($":{environment["GF_SERVER_HTTP_PORT"]}");
        }
    }

    public static void Check(ManifestSet files, Differences differences)
    {
        JsonObject services = files.Read(Compose)["services"]!.AsObject();
        differences.Same(Compose, "services", ["redis", "postgresql", "prometheus", "jaeger", "grafana"], services.Keys());
        foreach ((string name, JsonNode? service) in services) CheckService(files, name, service!, differences);
        string redis = string.Join(' ', (services["redis"]?["command"]).Texts()), sql = string.Join(' ', (services["postgresql"]?["command"]).Texts());
        bool keeps = redis.Contains("\nappendonly yes\n", StringComparison.Ordinal) && redis.Contains("noeviction", StringComparison.Ordinal);
        differences.Demand(keeps, Compose, "redis forgets");
        differences.Demand(sql.Contains("synchronous_commit=on", StringComparison.Ordinal), Compose, "postgresql answers before it has written");
        HashSet<int> open = [.. Ports(files)];
        foreach (string address in Sought(files))
        {
            bool found = address.StartsWith("127.0.0.1:", StringComparison.Ordinal) && open.Contains(Reading.Port(address));
            differences.Demand(found, Compose, $"nothing listens on {address}");
        }
        differences.Demand(open.IsSupersetOf([16686, 3000]), Compose, "Jaeger is not on 16686, or Grafana not on 3000");
    }

    private static void CheckService(ManifestSet files, string name, JsonNode service, Differences differences)
    {
        foreach ((string variable, JsonNode? value) in service["environment"]?.AsObject() ?? [])
        {
            bool secret = variable.EndsWith("PASSWORD", StringComparison.Ordinal), asked = ((string)value!).StartsWith("${", StringComparison.Ordinal);
            bool refusesNone = ((string)value!).Contains(":?", StringComparison.Ordinal);
            differences.Demand(!secret || (asked && refusesNone), Compose, $"{variable} of {name} is not asked of the environment");
        }
        string[] declared = [.. files.Read(Compose)["volumes"].Keys()];
        foreach (string volume in service["volumes"].Texts().Select(v => v.Split(':')[0]).Where(v => !v.StartsWith('.')))
            differences.Demand(declared.Contains(volume), Compose, $"{name} uses a volume {volume} that is not declared");
    }

    private static IEnumerable<string> Sought(ManifestSet files)
    {
        yield return files.Setting("components/local/pubsub.yaml", "redisHost");
        yield return files.Setting("components/local/statestore.yaml", "redisHost");
        yield return (string)files.Read("components/local/configuration.yaml")["spec"]!["tracing"]!["otel"]!["endpointAddress"]!;
        foreach (JsonNode? source in files.Read("monitoring/grafana/datasources/platform.yaml")["datasources"]!.AsArray())
            yield return ((string)source!["url"]!)["http://".Length..];
    }
}
