using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace QuadTurbo.Platform.Tests.Commands;

/// <summary>The demonstration, shown once by a process of its own; while it went on, some of the lines that it printed were sent again.</summary>
public sealed partial class ShownDemo : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demo-test");

    /// <summary>What it said, and how it ended.</summary>
    internal Answer Answer { get; private set; } = new(-1, "", "");

    /// <summary>What it wrote with <c>--json</c>.</summary>
    public JsonNode Seen { get; private set; } = new JsonObject();

    /// <summary>What the first line for curl is answered when it is sent again.</summary>
    public JsonNode Predicted { get; private set; } = new JsonObject();

    /// <summary>What <c>/models/summary</c> answers afterwards.</summary>
    public JsonNode Summary { get; private set; } = new JsonObject();

    /// <summary>What <c>/api/models</c> answers afterwards.</summary>
    public JsonNode Models { get; private set; } = new JsonObject();

    /// <summary>Files and folders that it left in the folder for what is temporary.</summary>
    public IReadOnlyList<string> Left { get; private set; } = [];

    public async Task InitializeAsync()
    {
        string json = Path.Combine(_folder.FullName, "seen.json"), temporary = _folder.CreateSubdirectory("temporary").FullName;
        Answer = await QuadTurboProcess.RunUntilAsync(temporary, "Ctrl-C", CallAsync, "demo", "--keep", "--json", json);
        Seen = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        Left = Directory.GetFileSystemEntries(temporary, "quadturbo-demo-*");
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private async Task CallAsync(string said)
    {
        using var http = new HttpClient();
        Match line = CurlLine().Match(said);
        using var body = new StringContent(line.Groups["body"].Value, Encoding.UTF8, "application/json");
        using HttpResponseMessage predicted = await http.PostAsync(line.Groups["url"].Value, body);
        Predicted = JsonNode.Parse(await predicted.Content.ReadAsStringAsync())!;
        string address = new Uri(line.Groups["url"].Value).GetLeftPart(UriPartial.Authority);
        Summary = JsonNode.Parse(await http.GetStringAsync($"{address}/models/summary"))!;
        Models = JsonNode.Parse(await http.GetStringAsync($"{address}/api/models?limit=100"))!;
    }

    [GeneratedRegex(@"\$ curl -s (?<url>\S+) -H 'Content-Type: application/json' -d '(?<body>[^']+)'")]
    private static partial Regex CurlLine();
}
