using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Gateway.Security;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Platform.Tests.Paths;

namespace QuadTurbo.Platform.Tests.Contract;

/// <summary>The whole platform behind a real listener, with a synthetic market that has been shown and a key that is asked for.</summary>
public sealed class ServedPlatform : IAsyncLifetime
{
    /// <summary>The methods that the document may have.</summary>
    public static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("served");
    private PlatformRun _run = null!;

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>The accepted key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Its data directory.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The document as it is served.</summary>
    public string DocumentText { get; private set; } = "";

    /// <summary>The same, parsed.</summary>
    public JsonObject Document { get; private set; } = [];

    /// <summary>Every operation of the document.</summary>
    public IReadOnlyList<Operation> Operations { get; private set; } = [];

    /// <summary>Every route that answers, as METHOD /path; the stream and static files have no method.</summary>
    public IReadOnlyList<string> Routes =>
    [
        .. _run.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true)
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => $"{m} /{e.RoutePattern.RawText!.Trim('/')}"))
            .Order(StringComparer.Ordinal),
    ];

    public async Task InitializeAsync()
    {
        Key = new ApiKeyFile(Folder).Create("desk", TimeProvider.System);
        var plan = new PlatformRunPlan
        {
            Schedule = Schedule.Concurrent,
            DataDirectory = Folder,
            Settings = SharedOptions.Load(
                TheHouse.Services, "safety", null,
                ["feed.instants=600", "feed.symbols=4", "api.wrongKeysPerMinute=1000000", "api.commandsPerSecond=10000", "lanes.shadowScope=All"]),
            Url = "http://127.0.0.1:0",
            SyntheticStart = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        _run = PlatformRun.Create(plan, TheHouse.Services);
        await _run.StartAsync();
        await _run.Pump.Completion;
        await _run.Services.GetRequiredService<EmbeddedTransport>().UntilIdleAsync();
        Http = new HttpClient { BaseAddress = new Uri(_run.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        using HttpResponseMessage answer = await Http.GetAsync("/openapi/v1.json");
        DocumentText = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, DocumentText);
        Document = JsonNode.Parse(DocumentText)!.AsObject();
        Operations =
        [
            .. from path in Document["paths"]!.AsObject()
            from method in Methods
            where path.Value![method] is JsonObject
            select new Operation(path.Key, method, path.Value![method]!.AsObject()),
        ];
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _run.StopAsync();
        await _run.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Sends the example of an operation, with a key or without.</summary>
    public Task<HttpResponseMessage> CallAsync(Operation operation, string? key) => SendAsync(operation, operation.Uri(), operation.Body?.ToJsonString(), key);

    /// <summary>Sends a request of an operation.</summary>
    public async Task<HttpResponseMessage> SendAsync(Operation operation, string uri, string? body, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method.ToUpperInvariant()), new Uri(Http.BaseAddress!, uri));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return await Http.SendAsync(request);
    }
}

/// <summary>One operation of the document.</summary>
/// <param name="Path">Its path, with names in braces.</param>
/// <param name="Method">Its method, lower case.</param>
/// <param name="Node">What the document says of it.</param>
public sealed record Operation(string Path, string Method, JsonObject Node)
{
    /// <summary>METHOD /path.</summary>
    public string Name => $"{Method.ToUpperInvariant()} {Path}";

    /// <summary>Its id.</summary>
    public string Id => (string?)Node["operationId"] ?? "";

    /// <summary>Whether a key is asked for.</summary>
    public bool IsClosed => Node["security"] is JsonArray { Count: > 0 };

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<JsonObject> Parameters => [.. (Node["parameters"] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>The example of its body; null without one.</summary>
    public JsonNode? Body => Node["requestBody"]?["content"]?["application/json"]?["example"];

    /// <summary>The schema of its body; null without one.</summary>
    public JsonObject? BodySchema => Node["requestBody"]?["content"]?["application/json"]?["schema"] as JsonObject;

    /// <summary>Its address with examples of what it must have, and what is given of the rest.</summary>
    public string Uri(IReadOnlyDictionary<string, string>? given = null)
    {
        string path = Path;
        var query = new List<string>();
        foreach (JsonObject parameter in Parameters)
        {
            string name = (string)parameter["name"]!;
            string? value = given?.GetValueOrDefault(name);
            bool inPath = (string?)parameter["in"] == "path";
            if (value is null && !inPath && (bool?)parameter["required"] != true) continue;
            string text = System.Uri.EscapeDataString(value ?? parameter["example"]!.ToString());
            if (inPath) path = path.Replace($"{{{name}}}", text, StringComparison.Ordinal);
            else query.Add($"{name}={text}");
        }
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }
}
