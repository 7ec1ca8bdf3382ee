using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Tests.Contract;

/// <summary>What strangers may do with every operation of the document: nothing .</summary>
public sealed class SecurityTests(ServedPlatform served) : IClassFixture<ServedPlatform>
{
    private const int AtOnce = 8;
    private static readonly string[] Leaks = ["   at ", ".cs:line", "Exception", "QuadTurbo.", "System.", "SELECT ", "sqlite"];

    // What takes a body and changes nothing.
    private static readonly string[] Harmless = ["POST /predict/batch", "POST /predict/single"];

    [Fact]
    public async Task Every_operation_that_may_change_state_is_closed_without_a_key_and_with_a_wrong_one_and_open_with_the_right_one()
    {
        Assert.Equal(
            Harmless, served.Operations.Where(o => o.Method != "get" && !o.IsClosed).Select(o => o.Name).Order(StringComparer.Ordinal));
        foreach (Operation operation in served.Operations)
        {
            HttpStatusCode without = await StatusAsync(operation, null), wrong = await StatusAsync(operation, "qt_wrong"), right = await StatusAsync(operation, served.Key);
            if (operation.IsClosed)
            {
                Assert.True(without == HttpStatusCode.Unauthorized && wrong == HttpStatusCode.Unauthorized, $"{operation.Name}: {without} without a key, {wrong} with a wrong one");
                Assert.True(right is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests), $"{operation.Name}: {right} with the key");
            }
            else Assert.True(without != HttpStatusCode.Unauthorized && wrong != HttpStatusCode.Unauthorized, $"{operation.Name}: {without}, {wrong}");
        }
    }

    [Fact]
    public async Task A_page_of_another_host_changes_nothing()
    {
        foreach (Operation operation in served.Operations.Where(o => o.IsClosed))
        {
            using var request = new HttpRequestMessage(new HttpMethod(operation.Method.ToUpperInvariant()), new Uri(served.Http.BaseAddress!, operation.Uri()));
            request.Headers.Add("Origin", "https://elsewhere.example");
            request.Headers.Add("X-Api-Key", served.Key);
            using HttpResponseMessage response = await served.Http.SendAsync(request);

            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{operation.Name}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Every_answer_tells_browsers_to_take_it_for_what_it_is()
    {
        foreach (string path in served.Operations.Where(o => o.Method == "get").Select(o => o.Uri()).Append("/nothing").Append("/docs/index.html"))
        {
            using HttpResponseMessage response = await served.Http.GetAsync(new Uri(served.Http.BaseAddress!, path));

            Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["DENY"], response.Headers.GetValues("X-Frame-Options"));
            Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
            Assert.Empty(response.Headers.Server);
            if (response.Content.Headers.ContentType?.MediaType != "text/html") Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    [Theory]
    [InlineData("/docs/..%2f..%2f..%2fetc/passwd")]
    [InlineData("/docs/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/api/models/..%2f..%2fstate.db")]
    [InlineData("/%2e%2e/%2e%2e/api-keys.json")]
    [InlineData("/docs/....//....//api-keys.json")]
    public async Task A_path_leads_out_of_nothing(string path)
    {
        using HttpResponseMessage response = await served.Http.GetAsync(new Uri(served.Http.BaseAddress + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.DoesNotContain("root:", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Five_hundred_hostile_strings_in_every_field_have_no_effect()
    {
        Assert.Equal(500, Corpus.All.Count);
        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        foreach (Operation operation in served.Operations)
        {
            foreach (Func<string, (string Uri, string? Body)> request in RequestsOf(operation))
            {
                await Parallel.ForEachAsync(Corpus.All, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (text, _) =>
                {
                    (string uri, string? body) = request(text);
                    using HttpResponseMessage response = await served.SendAsync(operation, uri, body, served.Key);
                    if (await FaultAsync(response, text) is { } fault) faults.Add($"{operation.Name} {JsonSerializer.Serialize(text)[..Math.Min(60, JsonSerializer.Serialize(text).Length)]}: {fault}");
                });
            }
        }

        Assert.True(faults.IsEmpty, string.Join('\n', faults.Take(20)));
        Assert.All(Directory.EnumerateFiles(Path.Combine(served.Folder, "logs")), file => Assert.All(ReadShared(file), line =>
        {
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind);
            Assert.DoesNotContain(line, char.IsControl);
        }));
    }

    // One request for each field that is text: a parameter, or anything in the body.
    private static IEnumerable<Func<string, (string Uri, string? Body)>> RequestsOf(Operation operation)
    {
        foreach (JsonObject parameter in operation.Parameters)
        {
            string name = (string)parameter["name"]!;
            yield return text => (operation.Uri(new Dictionary<string, string> { [name] = (string?)parameter["in"] == "path" && text is "" or "." or ".." ? "x" : text }), operation.Body?.ToJsonString());
        }
        if (operation.Body is not { } body) yield break;
        foreach (string path in TextsIn(body, ""))
        {
            yield return text =>
            {
                JsonNode copy = body.DeepClone();
                Put(copy, path, text);
                return (operation.Uri(), copy.ToJsonString());
            };
        }
    }

    private static IEnumerable<string> TextsIn(JsonNode? node, string path) => node switch
    {
        JsonObject of => of.SelectMany(m => TextsIn(m.Value, $"{path}/{m.Key}")),
        JsonArray list => list.SelectMany((item, i) => TextsIn(item, $"{path}/{i}")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [path],
        _ => [],
    };

    private static void Put(JsonNode root, string path, string text)
    {
        string[] steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonNode at = root;
        foreach (string step in steps[..^1]) at = at is JsonArray list ? list[int.Parse(step)]! : at[step]!;
        if (at is JsonArray of) of[int.Parse(steps[^1])] = text;
        else at[steps[^1]] = text;
    }

    private async Task<string?> FaultAsync(HttpResponseMessage response, string text)
    {
        string body = await response.Content.ReadAsStringAsync();
        string type = response.Content.Headers.ContentType?.MediaType ?? "";
        if ((int)response.StatusCode >= 500) return $"{(int)response.StatusCode} {body}";
        if (type == "text/html") return "an HTML page";
        if (response.Headers.Contains("Set-Cookie")) return "a header came through";
        // The server itself answers a path with NUL in it, without a body.
        if (body.Length > 0 && !response.Headers.TryGetValues("X-Content-Type-Options", out _)) return "no nosniff";
        if (body.Contains(served.Folder, StringComparison.Ordinal)) return "the data directory";
        if (!response.IsSuccessStatusCode && Leaks.FirstOrDefault(l => body.Contains(l, StringComparison.Ordinal) && !text.Contains(l, StringComparison.OrdinalIgnoreCase)) is { } leak)
            return $"'{leak}' in {body}";
        if (!type.EndsWith("json", StringComparison.Ordinal)) return null;
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body);
            return null;
        }
        catch (JsonException e)
        {
            return $"no JSON: {e.Message}";
        }
    }

    private async Task<HttpStatusCode> StatusAsync(Operation operation, string? key)
    {
        using HttpResponseMessage response = await served.CallAsync(operation, key);
        return response.StatusCode;
    }

    private static string[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n');
        // The last one may be half written.
        return lines[..^1];
    }
}
