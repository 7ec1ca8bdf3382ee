using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Platform.Tests.Architecture;
using QuadTurbo.Platform.Tests.Paths;
using QuadTurbo.Trading;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>What the code calls services and topics, and who says and hears what.</summary>
internal static partial class CodeNames
{
    private static readonly Dictionary<string, string> NameOf = typeof(Topics).GetProperties(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(p => p.Name, p => (string)p.PropertyType.GetProperty("Name")!.GetValue(p.GetValue(null))!, StringComparer.Ordinal);

    /// <summary>Every service, in path order.</summary>
    public static IReadOnlyList<string> AppIds { get; } = [.. TheHouse.Services.Select(s => s.Name)];

    /// <summary>Every topic.</summary>
    public static IReadOnlyList<string> AllTopics { get; } = [.. NameOf.Values];

    /// <summary>What each service hears: the subscriptions that it registers.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Heard { get; } =
        TheHouse.Services.ToDictionary(s => s.Name, IReadOnlySet<string> (s) => HeardBy(s), StringComparer.Ordinal);

    /// <summary>What each service says: the topics that its sources publish.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Said { get; } =
        TheHouse.Services.ToDictionary(s => s.Name, IReadOnlySet<string> (s) => SaidBy(s), StringComparer.Ordinal);

    /// <summary>Where the public face serves.</summary>
    public static int FacePort { get; } = new Uri(RunCommand.DefaultUrl).Port;

    private static HashSet<string> HeardBy(Service service)
    {
        // Some services hear nothing in a process that serves nobody.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        service.Add(builder);
        return builder.Services.Where(d => d.ServiceType == typeof(ISubscriptionSource))
            .Select(d => ((ISubscriptionSource)d.ImplementationInstance!).Topic).ToHashSet(StringComparer.Ordinal);
    }

    // A service's folder is its name in other letters. Sources are read whole: an argument may stand on the next line.
    private static HashSet<string> SaidBy(Service service)
    {
        string joined = service.Name.Replace("-", "", StringComparison.Ordinal);
        string folder = Sources.NamesIn("services").Single(f => f.Equals(joined, StringComparison.OrdinalIgnoreCase));
        return Sources.Code($"services/{folder}")
            .SelectMany(file => Published().Matches(string.Join('\n', file.Lines)))
            .Select(match => NameOf[match.Groups[1].Value]).ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\bPublish\w*\(\s*Topics\.(\w+)")]
    private static partial Regex Published();
}
