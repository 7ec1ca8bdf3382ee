using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Platform.Tests.Architecture;

namespace QuadTurbo.Platform.Tests.Contract;

/// <summary>
/// The contract of the HTTP interface [E-51, API9]: what is served, docs/openapi.json and docs/api.md say the same. After a change of routes or shapes:
/// <c>WRITE_CONTRACT=1 dotnet test tests/Platform.Tests -c Release --filter FullyQualifiedName~DocumentTests</c> writes both files anew.
/// </summary>
public sealed class DocumentTests(ServedPlatform served) : IClassFixture<ServedPlatform>
{
    private const string RoutesBegin = "<!-- routes: written by DocumentTests -->", RoutesEnd = "<!-- end of routes -->";
    private static readonly string Committed = Path.Combine(Sources.Root, "docs", "openapi.json"), Guide = Path.Combine(Sources.Root, "docs", "api.md");

    private static bool Writes => Environment.GetEnvironmentVariable("WRITE_CONTRACT") == "1";

    [Fact]
    public void The_committed_document_is_the_served_one()
    {
        if (Writes) File.WriteAllText(Committed, served.DocumentText);

        Assert.Equal(File.ReadAllText(Committed), served.DocumentText);
    }

    [Fact]
    public void The_guide_lists_every_operation_and_nothing_else()
    {
        string text = File.ReadAllText(Guide);
        int begin = text.IndexOf(RoutesBegin, StringComparison.Ordinal) + RoutesBegin.Length, end = text.IndexOf(RoutesEnd, StringComparison.Ordinal);
        var table = new StringBuilder("\n\n| Route | Key | What it does |\n|--|--|--|\n");
        foreach (Operation operation in served.Operations)
            table.Append($"| `{operation.Name}` | {(operation.IsClosed ? "needed" : "")} | {operation.Node["summary"]} |\n");
        table.Append('\n');
        if (Writes) File.WriteAllText(Guide, text[..begin] + table + text[end..]);
        text = File.ReadAllText(Guide);
        end = text.IndexOf(RoutesEnd, StringComparison.Ordinal);

        Assert.Equal(table.ToString(), text[begin..end]);
    }

    [Fact]
    public void Every_served_route_is_documented_and_every_documented_one_is_served() =>
        Assert.Equal(served.Routes, served.Operations.Select(o => o.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_operation_has_an_id_of_its_own_a_summary_and_examples()
    {
        Assert.Equal(served.Operations.Count, served.Operations.Select(o => o.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(served.Operations, o =>
        {
            Assert.Matches("^[a-z][A-Za-z0-9]+$", o.Id);
            Assert.False(string.IsNullOrEmpty((string?)o.Node["summary"]), o.Name);
            if (o.Node["requestBody"] is not null) Assert.NotNull(o.Body);
            foreach ((string status, JsonNode? response) in o.Node["responses"]!.AsObject())
                foreach ((string type, JsonNode? media) in response!["content"] as JsonObject ?? [])
                    Assert.True(media!["example"] is not null && media["schema"] is not null, $"{o.Name} {status} {type}");
        });
    }

    [Fact]
    public void Every_example_is_of_its_schema()
    {
        var schema = new Schema(served.Document);
        var errors = new List<string>();
        foreach (Operation operation in served.Operations)
        {
            if (operation.BodySchema is { } body) Add($"{operation.Name} body", schema.Errors(operation.Body, body));
            foreach ((string status, JsonNode? response) in operation.Node["responses"]!.AsObject())
                foreach ((_, JsonNode? media) in response!["content"] as JsonObject ?? [])
                    Add($"{operation.Name} {status}", schema.Errors(media!["example"], media["schema"]!.AsObject()));
        }
        Assert.True(errors.Count == 0, string.Join('\n', errors.Take(20)));

        void Add(string what, IReadOnlyList<string> found) => errors.AddRange(found.Select(f => $"{what} {f}"));
    }

    [Fact]
    public void No_enum_is_nullable_nothing_is_a_choice_with_null_and_no_whole_number_is_text_too()
    {
        foreach (JsonObject schema in SchemasIn(served.Document["components"]!["schemas"]!).Concat(SchemasIn(served.Document["paths"]!)))
        {
            Assert.False(schema["enum"] is JsonArray values && values.Any(v => v is null), schema.ToJsonString());
            Assert.Null(schema["oneOf"]);
            Assert.Null(schema["anyOf"]);
            if (schema["type"] is JsonArray types) Assert.True(types.Count == 2 && types.Any(t => (string?)t == "null"), schema.ToJsonString());
        }
    }

    [Fact]
    public void Every_error_is_a_problem_but_those_of_other_programs_interfaces_and_states_of_health()
    {
        foreach (Operation operation in served.Operations.Where(o => !o.Path.StartsWith("/api/2.0/mlflow/", StringComparison.Ordinal)))
        {
            foreach ((string status, JsonNode? response) in operation.Node["responses"]!.AsObject().Where(r => r.Key[0] is '4' or '5' or 'd'))
            {
                bool state = status == "503" && operation.Path is "/" or "/health" or "/readyz";
                bool verdict = status == "422" && operation.Path == "/opportunities";
                if (state || verdict) continue;
                Assert.Equal("#/components/schemas/Problem", (string?)response!["content"]?["application/problem+json"]?["schema"]?["$ref"]);
            }
        }
    }

    [Fact]
    public async Task Every_operation_answers_its_example_as_the_document_says()
    {
        var schema = new Schema(served.Document);
        var errors = new List<string>();
        foreach (Operation operation in served.Operations)
        {
            using HttpResponseMessage response = await served.CallAsync(operation, served.Key);
            string status = $"{(int)response.StatusCode}", body = await response.Content.ReadAsStringAsync();
            string type = response.Content.Headers.ContentType?.MediaType ?? "";
            JsonObject responses = operation.Node["responses"]!.AsObject();
            JsonNode? said = responses[status] ?? (type == "application/problem+json" ? responses["default"] : null);
            if (said is null) errors.Add($"{operation.Name}: {status} is not in the document: {body}");
            else if (said["content"]?[type] is not JsonObject media) errors.Add($"{operation.Name}: {status} with '{type}' is not in the document: {body}");
            else if (type.EndsWith("json", StringComparison.Ordinal)) errors.AddRange(schema.Errors(Parsed(body), media["schema"]!.AsObject()).Select(e => $"{operation.Name} {status}: {e}"));
            if (operation is { Method: "get" } && !operation.Parameters.Any(p => (string?)p["in"] == "path") && !operation.Path.Contains("mlflow") && operation.Path != "/stream" && !response.IsSuccessStatusCode)
                errors.Add($"{operation.Name}: {status} {body}");
        }
        Assert.True(errors.Count == 0, string.Join('\n', errors.Take(20)));
    }

    private static JsonNode? Parsed(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return JsonNode.Parse(document.RootElement.GetRawText());
    }

    private static IEnumerable<JsonObject> SchemasIn(JsonNode? node)
    {
        if (node is JsonObject of)
        {
            if (of["type"] is not null and not JsonObject || of["oneOf"] is JsonArray) yield return of;
            foreach ((string name, JsonNode? member) in of)
                if (name is not ("example" or "examples"))
                    foreach (JsonObject inner in SchemasIn(member)) yield return inner;
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
                foreach (JsonObject inner in SchemasIn(item)) yield return inner;
        }
    }
}
