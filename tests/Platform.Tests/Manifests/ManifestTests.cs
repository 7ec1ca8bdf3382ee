using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>The files that run the platform in several processes say what the code says, and nothing that nobody reads.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Files => new(ManifestSet.Paths);

    [Fact]
    public void Every_file_is_there_and_has_its_shape() => None(ManifestSet.OfRepository().ShapeErrors());

    [Fact]
    public void Files_and_code_agree_on_app_ids_topics_components_ports_and_dead_letters() =>
        None(Differences.Of(ManifestSet.OfRepository()));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_that_is_missing_or_beside_another_is_caught(string path)
    {
        Assert.Contains($"{path}: is missing", ManifestSet.OfRepository().Without(path).ShapeErrors());
        string beside = path.Contains('/', StringComparison.Ordinal) ? $"{path[..path.LastIndexOf('/')]}/more.yaml" : "components/more.yaml";
        Assert.Contains($"{beside}: is not expected here", ManifestSet.OfRepository().And(beside, "kind: Component\n").ShapeErrors());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_key_that_is_unknown_and_a_value_of_another_type_are_caught_wherever_they_stand(string path)
    {
        JsonNode file = ManifestSet.OfRepository().Read(path);
        Shape shape = ManifestSet.ShapeOf(path);
        int altered = 0;
        foreach (string place in Places(file, ""))
        {
            JsonNode copy = file.DeepClone();
            Alter(copy, place);
            Assert.True(shape.Errors(copy).Count > 0, $"{path} may be altered at {place}");
            altered++;
        }
        Assert.True(altered > 5, $"{path} was altered {altered} times");
    }

    [Theory]
    [InlineData("components/local/pubsub.yaml", "name: pubsub\n", "name: \"pubsub\"\n", "without quotes")]
    [InlineData("components/cluster/pubsub.yaml", "name: pubsub\n", "name: broker\n", "not pubsub")]
    [InlineData("components/cluster/statestore.yaml", "name: statestore\n", "name: state\n", "not statestore")]
    [InlineData("components/local/statestore.yaml", "  - production\n", "", "scopes lacks production")]
    [InlineData("components/local/statestore.yaml", "  - production\n", "  - production\n  - shadow\n", "scopes has shadow too")]
    [InlineData("components/cluster/pubsub.yaml", "  - inference\n", "  - inferencing\n", "scopes lacks inference")]
    [InlineData("components/cluster/pubsub.yaml", "auth:\n  secretStore: secretstore\n", "", "not from secretstore")]
    [InlineData("components/local/statestore.yaml", "value: \"true\"", "value: \"false\"", "no state for actors")]
    [InlineData(
        "components/local/pubsub.yaml", "outcome.executed,outcome.executed.dead,",
        "outcome.executed,", "allowedTopics lacks outcome.executed.dead")]
    [InlineData(
        "components/cluster/pubsub.yaml", "        outcome.reconciled,",
        "        outcome.reconsidered,", "allowedTopics lacks outcome.reconciled")]
    [InlineData(
        "components/local/pubsub.yaml", "inference=model.assigned.dead",
        "inference=model.assigned.lost", "publishingScopes of inference lacks model.assigned.dead")]
    [InlineData(
        "components/local/pubsub.yaml", "shadow=outcome.simulated,",
        "shadow=outcome.simulated,opportunity.validated,", "publishingScopes of shadow has opportunity.validated too")]
    [InlineData(
        "components/cluster/pubsub.yaml", "production=market.observed,opportunity.validated,",
        "production=market.observed,", "subscriptionScopes of production lacks opportunity.validated")]
    [InlineData(
        "components/cluster/pubsub.yaml", "market-data=;",
        "market-data=model.trained;", "subscriptionScopes of market-data has model.trained too")]
    [InlineData("components/local/pubsub.yaml", "value: \"100\"", "value: \"99\"", "concurrency is below the 100")]
    [InlineData("components/local/pubsub.yaml", "value: \"200\"", "value: \"50\"", "queueDepth is below concurrency")]
    [InlineData("components/local/pubsub.yaml", "value: 60s", "value: 55s", "processingTimeout")]
    [InlineData("components/local/resiliency.yaml", "maxRetries: 5", "maxRetries: 6", "processingTimeout")]
    [InlineData("components/cluster/pubsub.yaml", "value: lz4", "value: gzip", "compression is not lz4")]
    [InlineData("components/cluster/pubsub.yaml", "value: \"4194304\"", "value: \"1048576\"", "maxMessageBytes")]
    [InlineData("components/cluster/pubsub.yaml", "value: oldest", "value: newest", "new group")]
    [InlineData(
        "components/cluster/resiliency.yaml", "        inbound:\n          timeout: delivery\n          retry: delivery\n",
        "", "no inbound policy")]
    [InlineData("components/cluster/resiliency.yaml", "          timeout: state\n", "          timeout: states\n", "policies.timeouts lacks states")]
    [InlineData("components/local/resiliency.yaml", "      gateway:\n        timeout: question\n", "", "targets.apps lacks gateway")]
    [InlineData("components/cluster/configuration.yaml", "\"0.001\"", "\"1\"", "1 in 1,000")]
    [InlineData("components/cluster/configuration.yaml", "storeName: secretstore", "storeName: vault", "open to services")]
    [InlineData("dapr.yaml", "appID: shadow", "appID: shadows", "apps lacks shadow")]
    [InlineData("dapr.yaml", "appPort: 8103", "appPort: 8102", "port 8102 is used 2 times")]
    [InlineData("dapr.yaml", "metricsPort: 9191", "metricsPort: 9090", "port 9090 is used 2 times")]
    [InlineData("dapr.yaml", "\"http://127.0.0.1:8080\"", "\"http://127.0.0.1:8090\"", "gateway is started by another command")]
    [InlineData("dapr.yaml", "appPort: 8101", "appPort: 8000", "port 8000 is used 2 times")]
    [InlineData("dapr.yaml", "\"service\", \"auditor\"]", "\"service\", \"audit\"]", "auditor is started by another command")]
    [InlineData("dapr.yaml", "data/services/training", "data/services/shadow", "training keeps its data elsewhere")]
    [InlineData("dapr.yaml", "./components/local\n", "./components/cluster\n", "resourcesPaths lacks ./components/local")]
    [InlineData("dapr.yaml", "appHealthProbeTimeout: 2000", "appHealthProbeTimeout: 5000", "not below the interval")]
    [InlineData("monitoring/prometheus.yaml", "127.0.0.1:8107", "127.0.0.1:8117", "services lacks registry 127.0.0.1:8107")]
    [InlineData("monitoring/prometheus.yaml", "127.0.0.1:9195", "127.0.0.1:9295", "sidecars lacks training 127.0.0.1:9195")]
    [InlineData("docker-compose.yaml", "127.0.0.1:6379:6379", "127.0.0.1:6380:6379", "nothing listens on 127.0.0.1:6379")]
    [InlineData("docker-compose.yaml", "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}", "postgres", "POSTGRES_PASSWORD of postgresql is not asked")]
    [InlineData("docker-compose.yaml", "${REDIS_PASSWORD:?set REDIS_PASSWORD}", "${REDIS_PASSWORD:-redis}", "REDIS_PASSWORD of redis is not asked")]
    [InlineData("docker-compose.yaml", " appendonly yes", " appendonly no", "redis forgets")]
    [InlineData("docker-compose.yaml", "synchronous_commit=on", "synchronous_commit=off", "before it has written")]
    [InlineData("docker-compose.yaml", "\n  grafana:\n", "\n  graphana:\n", "services lacks grafana")]
    [InlineData("docker-compose.yaml", "GF_SERVER_HTTP_PORT: \"3000\"", "GF_SERVER_HTTP_PORT: \"3001\"", "Grafana not on 3000")]
    [InlineData("monitoring/grafana/datasources/platform.yaml", "127.0.0.1:16686", "127.0.0.1:16687", "nothing listens on 127.0.0.1:16687")]
    public void What_no_longer_agrees_is_caught_and_named(string path, string old, string altered, string named)
    {
        ManifestSet files = ManifestSet.OfRepository().With(path, old, altered);

        Assert.Contains(Differences.Of(files), d => d.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "components/local/statestore.yaml", "      secretKeyRef:\n        name: redis\n        key: password\n",
        "      value: swordfish\n", "'secretKeyRef' is missing")]
    [InlineData("components/local/pubsub.yaml", "- name: redeliverInterval", "- name: redeliverIntervall", "no setting of pubsub.redis")]
    [InlineData("components/cluster/pubsub.yaml", "type: pubsub.kafka", "type: pubsub.kafca", "no component of a known type")]
    [InlineData("components/cluster/statestore.yaml", "version: v2", "version: v1", "no component of a known type")]
    [InlineData("components/local/pubsub.yaml", "value: \"100\"", "value: 100", "100 is no text")]
    [InlineData("components/local/resiliency.yaml", "        maxRetries: 5\n", "", "'maxRetries' is missing")]
    [InlineData("components/cluster/resiliency.yaml", "maxRetries: 60", "maxRetries: -1", "-1 is not within")]
    [InlineData("components/local/configuration.yaml", "\"0.001\"", "0.001", "0.001 is no text")]
    [InlineData("components/local/pubsub.yaml", "kind: Component\n", "kind: Component\nkind: Component\n", "'kind' is given twice")]
    [InlineData("dapr.yaml", "    appPort: 8101\n", "", "'appPort' is missing")]
    [InlineData("dapr.yaml", "appPort: 8101", "appPort: \"8101\"", "no whole number")]
    [InlineData("docker-compose.yaml", "127.0.0.1:5432:5432", "5432:5432", "does not match")]
    [InlineData("docker-compose.yaml", "redis:7.4.1-alpine", "redis:latest", "does not match")]
    [InlineData("charts/platform/alerts/platform.yaml", "severity: critical", "severity: fatal", "does not match")]
    public void What_is_not_of_its_shape_is_caught_and_named(string path, string old, string altered, string named)
    {
        ManifestSet files = ManifestSet.OfRepository().With(path, old, altered);

        Assert.Contains(files.ShapeErrors(), e => e.StartsWith(path, StringComparison.Ordinal) && e.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Subscriptions_and_publications_are_read_from_the_code()
    {
        Assert.Equal(["account.restored", "market.observed", "opportunity.validated"], CodeNames.Heard["production"].Order(StringComparer.Ordinal));
        Assert.Equal(["opportunity.detected", "opportunity.refused", "opportunity.validated"], CodeNames.Said["pre-validator"].Order(StringComparer.Ordinal));
        Assert.Equal(["model.assigned"], CodeNames.Heard["inference"]);
        IEnumerable<string> said = CodeNames.Said.Values.SelectMany(t => t).Distinct();
        Assert.Equal(CodeNames.AllTopics.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
    }

    private static void None(IReadOnlyList<string> found) => Assert.True(found.Count == 0, string.Join('\n', found));

    // Every map and every scalar of the file, as a path of keys and indices.
    private static IEnumerable<string> Places(JsonNode? node, string at) => node switch
    {
        JsonObject map => map.SelectMany(member => Places(member.Value, $"{at}/{member.Key}")).Append(at),
        JsonArray list => list.SelectMany((item, i) => Places(item, $"{at}/{i}")),
        _ => [at],
    };

    // A map gets a key that none has; a scalar becomes a map.
    private static void Alter(JsonNode root, string place)
    {
        JsonNode? parent = null, node = root;
        string last = "";
        foreach (string step in place.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            (parent, last) = (node, step);
            node = node is JsonArray list ? list[int.Parse(step)] : node![step];
        }
        if (node is JsonObject map) map["not a key"] = 1;
        else if (parent is JsonArray items) items[int.Parse(last)] = new JsonObject { ["not a key"] = 1 };
        else parent![last] = new JsonObject { ["not a key"] = 1 };
    }
}
