using System.Text.Json;
using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Tests.Manifests.Shape;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>The shapes of the sidecar's files.</summary>
/// <remarks>
/// Source: Dapr's reference of components, resiliency, configuration and the multi-app run template, as of runtime 1.18. Keys that the
/// platform has no use for are left out, so that one which slips in is seen.
/// </remarks>
internal static class DaprShapes
{
    private static readonly Shape Name = Text("[a-z][a-z0-9-]{0,60}");
    private static readonly Shape Port = Whole(1024, 65535);
    private static readonly Shape Elapsed = Text(@"\d+(ms|s|m|h)");
    private static readonly Shape Digits = Text(@"\d+"), YesNo = OneOf("true", "false"), Address = Text(@"[a-z0-9.-]+:\d+"), Any = Text(".+");
    private static readonly Shape Secret = Map(("name", Name), ("key", Text("[a-z.-]+")));
    private static readonly Shape Metadata = Map(("name", Name));

    // What a type's metadata may be. A null value is a secret, which may only be referred to.
    private static readonly Dictionary<(string Type, string Version), Dictionary<string, Shape?>> Types = new()
    {
        [("pubsub.redis", "v1")] = Settings(
            ("redisHost", Address), ("redisPassword", null), ("concurrency", Digits), ("queueDepth", Digits), ("processingTimeout", Elapsed),
            ("redeliverInterval", Elapsed), ("maxLenApprox", Digits), ("allowedTopics", Any), ("publishingScopes", Any), ("subscriptionScopes", Any)),
        [("pubsub.kafka", "v1")] = Settings(
            ("brokers", Address), ("authType", OneOf("password")), ("saslMechanism", OneOf("SHA-256", "SHA-512")), ("saslUsername", null),
            ("saslPassword", null), ("caCert", null), ("version", Text(@"\d+\.\d+\.\d+")),
            ("compression", OneOf("none", "gzip", "snappy", "lz4", "zstd")), ("maxMessageBytes", Digits), ("consumerFetchDefault", Digits),
            ("channelBufferSize", Digits), ("initialOffset", OneOf("oldest", "newest")),
            ("consumerGroupRebalanceStrategy", OneOf("range", "sticky", "roundrobin")), ("consumeRetryEnabled", YesNo), ("consumeRetryInterval", Elapsed),
            ("allowedTopics", Any), ("publishingScopes", Any), ("subscriptionScopes", Any)),
        [("state.redis", "v1")] = Settings(("redisHost", Address), ("redisPassword", null), ("actorStateStore", YesNo)),
        [("state.postgresql", "v2")] = Settings(
            ("connectionString", null), ("timeout", Digits), ("metadataTableName", Text("[a-z_]+")), ("cleanupInterval", Elapsed), ("maxConns", Digits),
            ("actorStateStore", YesNo)),
        [("secretstores.local.file", "v1")] = Settings(("secretsFile", Text(@"\.secrets/[a-z]+\.json")), ("multiValued", YesNo)),
        [("secretstores.kubernetes", "v1")] = Settings(),
    };

    /// <summary>A component of a known type.</summary>
    public static Shape Component { get; } = Map(
        ("apiVersion", OneOf("dapr.io/v1alpha1")), ("kind", OneOf("Component")), ("metadata", Metadata),
        ("spec", By(OfType, "component of a known type and version")),
        ("auth?", Map(("secretStore", Name))), ("scopes", List(Name)));

    /// <summary>Retries and timeouts.</summary>
    public static Shape Resiliency { get; } = Map(
        ("apiVersion", OneOf("dapr.io/v1alpha1")), ("kind", OneOf("Resiliency")), ("metadata", Metadata), ("scopes", List(Name)),
        ("spec", Map(
            ("policies", Map(
                ("timeouts", MapOf("[a-z]+", Elapsed)),
                ("retries", MapOf("[a-z]+", Map(("policy", OneOf("constant")), ("duration", Elapsed), ("maxRetries", Whole(1, 100))))))),
            ("targets", Map(
                ("apps", MapOf("[a-z-]+", Map(("timeout", Name)))),
                ("components", MapOf("[a-z]+", Map(
                    ("inbound?", Map(("timeout", Name), ("retry", Name))), ("outbound", Map(("timeout", Name), ("retry?", Name)))))))))));

    /// <summary>The sidecar's configuration.</summary>
    public static Shape Configuration { get; } = Map(
        ("apiVersion", OneOf("dapr.io/v1alpha1")), ("kind", OneOf("Configuration")), ("metadata", Metadata),
        ("spec", Map(
            ("tracing", Map(
                ("samplingRate", Text(@"[01](\.\d+)?")),
                ("otel", Map(("endpointAddress", Address), ("protocol", OneOf("grpc", "http")), ("isSecure", Flag))))),
            ("metrics", Map(("enabled", Flag), ("recordErrorCodes", Flag), ("http", Map(("increasedCardinality", Flag))))),
            ("logging", Map(("apiLogging", Map(("enabled", Flag), ("obfuscateURLs", Flag), ("omitHealthChecks", Flag))))),
            ("mtls?", Map(("enabled", Flag), ("workloadCertTTL", Elapsed), ("allowedClockSkew", Elapsed))),
            ("features", List(Map(("name", OneOf("HotReload")), ("enabled", Flag)))),
            ("secrets", Map(("scopes", List(Map(("storeName", Name), ("defaultAccess", OneOf("deny"))))))))));

    /// <summary>The template of <c>dapr run -f</c>.</summary>
    public static Shape RunTemplate { get; } = Map(
        ("version", Whole(1, 1)), ("name", Name),
        ("common", Map(
            ("resourcesPaths", List(Text(@"\./[a-z/]+"))), ("configFilePath", Text(@"\./[a-z/]+\.yaml")), ("appProtocol", OneOf("http")),
            ("apiListenAddresses", OneOf("127.0.0.1")), ("logLevel", OneOf("debug", "info", "warn", "error")), ("enableAppHealthCheck", Flag),
            ("appHealthCheckPath", Text("/[a-z]+")), ("appHealthProbeInterval", Whole(1, 60)), ("appHealthProbeTimeout", Whole(100, 59_000)),
            ("appHealthThreshold", Whole(1, 10)), ("appLogDestination", OneOf("console", "file", "fileAndConsole")),
            ("daprdLogDestination", OneOf("console", "file", "fileAndConsole")), ("env", Environment))),
        ("apps", List(Map(
            ("appID", Name), ("appDirPath", OneOf("./")), ("appPort", Port), ("daprHTTPPort", Port), ("daprGRPCPort", Port), ("metricsPort", Port),
            ("env", Environment), ("command", List(Any))))));

    private static Dictionary<string, Shape?> Settings(params (string Name, Shape? Value)[] settings) =>
        settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);

    private static Shape Environment => MapOf("[A-Z][A-Z0-9_]*", Any);

    private static Shape? OfType(JsonObject spec)
    {
        if (TextOf(spec["type"]) is not { } type || TextOf(spec["version"]) is not { } version) return null;
        if (!Types.TryGetValue((type, version), out Dictionary<string, Shape?>? known)) return null;
        Shape entry = By(
            item => TextOf(item["name"]) is { } name && known.TryGetValue(name, out Shape? value)
                ? Map(("name", Any), value is null ? ("secretKeyRef", Secret) : ("value", value))
                : null,
            $"setting of {type}");
        return Map(("type", Any), ("version", Any), ("initTimeout?", Elapsed), ("metadata", List(entry, min: known.Count == 0 ? 0 : 1)));
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string?)node : null;
}
