using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Platform.Tests.Paths;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>Names of metrics in queries, and those that there are.</summary>
internal static partial class MetricNames
{
    /// <summary>What the sidecar exports and dashboards may ask for.</summary>
    /// <remarks>Source: metrics of Dapr's runtime 1.18.</remarks>
    public static IReadOnlySet<string> OfSidecars { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "dapr_component_pubsub_ingress_count", "dapr_component_pubsub_ingress_latencies_bucket", "dapr_component_pubsub_egress_count",
        "dapr_component_state_count", "dapr_resiliency_activations_total",
    };

    /// <summary>The series that a query names: what is neither function, label, word of the language nor number.</summary>
    public static IEnumerable<string> In(string query)
    {
        string bare = Literal().Replace(query, "");
        bare = Braces().Replace(bare, " ");
        bare = Brackets().Replace(bare, " ");
        bare = Grouping().Replace(bare, " ");
        return Word().Matches(bare).Select(m => m.Value).Where(word => word is not ("and" or "or" or "unless" or "bool" or "offset")).Distinct();
    }

    /// <summary>The series on a page of metrics, with the three that a histogram has.</summary>
    public static IReadOnlySet<string> On(string page) => Type().Matches(page).SelectMany(m => (m.Groups[1].Value, m.Groups[2].Value) switch
    {
        (string name, "histogram") => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
        (string name, _) => new[] { name },
    }).ToHashSet(StringComparer.Ordinal);

    /// <summary>Makes every metric that a class holds for the life of the process, used or not.</summary>
    public static void MakeAll()
    {
        foreach (Assembly assembly in TheHouse.Services.Select(s => s.Add.Method.Module.Assembly).Append(typeof(Meters).Assembly).Distinct())
        {
            foreach (Type type in assembly.GetTypes().Where(t => !t.ContainsGenericParameters))
            {
                IEnumerable<FieldInfo> fields = type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
                if (fields.Any(f => typeof(Instrument).IsAssignableFrom(f.FieldType))) RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
        }
    }

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()")]
    private static partial Regex Word();

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Type();
}
