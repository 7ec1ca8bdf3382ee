using System.Collections.Frozen;

namespace QuadTurbo.Platform;

/// <summary>The presets of the seed, value by value [LCFG-02..04].</summary>
public static class Presets
{
    /// <summary>Name → key → value.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
        {
            ["safety"] = Of(production: true, threshold: "0.7", interval: "100", queue: "1000", verbose: false),
            ["aggressive"] = Of(production: true, threshold: "0.5", interval: "50", queue: "5000", verbose: false),
            ["spring-training"] = Of(production: false, threshold: "0.4", interval: "25", queue: null, verbose: true),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static Dictionary<string, string> Of(bool production, string threshold, string interval, string? queue, bool verbose)
    {
        var preset = new Dictionary<string, string>
        {
            ["lanes.enableProduction"] = production ? "true" : "false",
            ["lanes.enableShadowSim"] = "true",
            ["lanes.enableTraining"] = "true",
            ["lanes.enablePrevalidation"] = "true",
            ["lanes.verbose"] = verbose ? "true" : "false",
            ["preValidator.minScore"] = threshold,
            ["triggers.interval"] = interval,
        };
        if (queue is not null) preset["lanes.maxQueueSize"] = queue;
        return preset;
    }
}
