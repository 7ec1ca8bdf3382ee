using static QuadTurbo.Platform.Tests.Manifests.Shape;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>The shapes of the files of what stands beside the platform: compose, Prometheus, Grafana.</summary>
/// <remarks>Source: the compose specification, and the references of Prometheus and Grafana; narrower, as the files are.</remarks>
internal static class StoreShapes
{
    private static readonly Shape Line = Text(".+"), Elapsed = Text(@"\d+[smhd]"), Name = Text("[A-Za-z][A-Za-z0-9_-]*");

    /// <summary>docker-compose.yaml: images with a version, ports on loopback, every service with a health check.</summary>
    public static Shape Compose { get; } = Map(
        ("name", Name),
        ("services", MapOf("[a-z]+", Map(
            ("image", Text(@"[a-z0-9/-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)?")), ("restart", OneOf("unless-stopped")), ("user?", OneOf("root", "redis")),
            ("network_mode?", OneOf("host")), ("environment?", MapOf("[A-Z][A-Z0-9_]*", Line)), ("command?", List(Line)),
            ("ports?", List(Text(@"127\.0\.0\.1:\d+:\d+"))), ("volumes", List(Text(@"[a-z./-]+:/[A-Za-z./-]+(:ro)?"))),
            ("healthcheck", Map(("test", List(Line, min: 2)), ("interval", Elapsed), ("timeout", Elapsed), ("retries", Whole(1, 100))))))),
        ("volumes", MapOf("[a-z]+", Nothing)));

    /// <summary>What Prometheus reads.</summary>
    public static Shape Prometheus { get; } = Map(
        ("global", Map(("scrape_interval", Elapsed), ("evaluation_interval", Elapsed))),
        ("rule_files", List(Text(@"/etc/prometheus/alerts/\*\.yaml"))),
        ("scrape_configs", List(Map(
            ("job_name", Name), ("metrics_path", OneOf("/metrics")),
            ("static_configs", List(Map(("targets", List(Text(@"127\.0\.0\.1:\d+"))), ("labels", Map(("service", Text("[a-z-]+")))))))))));

    /// <summary>Rules that raise alerts.</summary>
    public static Shape Rules { get; } = Map(
        ("groups", List(Map(
            ("name", Name),
            ("rules", List(Map(
                ("alert", Name), ("expr", Line), ("for?", Elapsed), ("labels", Map(("severity", OneOf("warning", "critical")))),
                ("annotations", Map(("summary", Line), ("description", Line))))))))));

    /// <summary>Where Grafana asks.</summary>
    public static Shape DataSources { get; } = Map(
        ("apiVersion", Whole(1, 1)),
        ("datasources", List(Map(
            ("name", Name), ("uid", Name), ("type", OneOf("prometheus", "jaeger")), ("access", OneOf("proxy")), ("url", Text(@"http://127\.0\.0\.1:\d+")),
            ("isDefault?", Flag), ("editable", Flag), ("jsonData?", Map(("timeInterval", Elapsed)))))));

    /// <summary>Where Grafana finds dashboards.</summary>
    public static Shape DashboardProviders { get; } = Map(
        ("apiVersion", Whole(1, 1)),
        ("providers", List(Map(
            ("name", Name), ("type", OneOf("file")), ("folder", Name), ("disableDeletion", Flag), ("allowUiUpdates", Flag),
            ("updateIntervalSeconds", Whole(1, 3600)), ("options", Map(("path", OneOf("/var/lib/grafana/dashboards"))))))));
}
