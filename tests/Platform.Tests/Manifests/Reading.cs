using System.Globalization;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>Parts of files, as what they are.</summary>
internal static class Reading
{
    private static readonly char[] Digits = [.. "0123456789"];

    /// <summary>The texts of a list; none if it is not there.</summary>
    public static IEnumerable<string> Texts(this JsonNode? list) => (list?.AsArray() ?? []).Select(t => (string)t!);

    /// <summary>The keys of a map; none if it is not there.</summary>
    public static IEnumerable<string> Keys(this JsonNode? map) => (map?.AsObject() ?? []).Select(m => m.Key);

    /// <summary>A setting of a component; empty if it is not there.</summary>
    public static string Setting(this ManifestSet files, string path, string name) =>
        (string?)files.Read(path)["spec"]!["metadata"]!.AsArray().FirstOrDefault(s => (string?)s!["name"] == name)?["value"] ?? "";

    /// <summary>A setting of a component that is a number; 0 if it is not there.</summary>
    public static int Number(this ManifestSet files, string path, string name) =>
        int.TryParse(files.Setting(path, name), CultureInfo.InvariantCulture, out int number) ? number : 0;

    /// <summary>The services of dapr.yaml.</summary>
    public static IReadOnlyList<JsonNode> Apps(this ManifestSet files) => [.. files.Read("dapr.yaml")["apps"]!.AsArray().Select(a => a!)];

    /// <summary>The port behind the last colon.</summary>
    public static int Port(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>A duration as Go writes it, of one unit.</summary>
    public static TimeSpan Duration(string text)
    {
        string unit = text.TrimStart(Digits);
        double number = double.TryParse(text[..^unit.Length], CultureInfo.InvariantCulture, out double value) ? value : 0;
        return unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
    }
}
