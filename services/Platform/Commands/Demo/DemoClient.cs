using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Talks to the platform as a user would, over HTTP, and prints each request as a line to paste.</summary>
/// <param name="http">To the platform.</param>
/// <param name="address">Where that is: <c>http://127.0.0.1:8080</c>.</param>
/// <param name="import">The folder that model files are registered from.</param>
internal sealed class DemoClient(HttpClient http, string address, string import)
{
    private const int Ok = 200, Created = 201, Conflict = 409;
    private const int MostTries = 5;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    // As a person would type it: what is sent is not put into a page.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the platform serves.</summary>
    public string Address { get; } = address.TrimEnd('/');

    /// <summary>Where its stream is.</summary>
    public string StreamAddress => $"ws{Address["http".Length..]}/stream";

    /// <summary>Puts a file where a model is registered from.</summary>
    public void Import(string name, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(import);
        File.WriteAllBytes(Path.Combine(import, name), bytes);
    }

    /// <summary>Prints a request and sends it.</summary>
    /// <exception cref="StepFailedException">It is not answered with 200.</exception>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancel)
    {
        CommandLine.Say($"  $ curl -s '{Address}{path}'");
        return LookAsync(path, cancel);
    }

    /// <summary>Sends a request that is not shown: to wait for something.</summary>
    /// <exception cref="StepFailedException">It is not answered with 200.</exception>
    public async Task<JsonObject> LookAsync(string path, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Get, path, null, [Ok], cancel)).Body;

    /// <summary>Prints a command and sends it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="body">What; null for nothing.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <param name="expected">Statuses that are an answer; 200 and 201 where none is named.</param>
    /// <exception cref="StepFailedException">It is answered with another status.</exception>
    public Task<(int Status, JsonObject Body)> PostAsync(string path, JsonObject? body, CancellationToken cancel, params int[] expected)
    {
        CommandLine.Say(body is null
            ? $"  $ curl -s -X POST {Address}{path}"
            : $"  $ curl -s {Address}{path} -H 'Content-Type: application/json' -d '{TextOf(body)}'");
        return TellAsync(path, body, cancel, expected);
    }

    /// <summary>Sends a command that is not shown.</summary>
    /// <exception cref="StepFailedException">It is answered with a status that is not expected.</exception>
    public Task<(int Status, JsonObject Body)> TellAsync(string path, JsonObject? body, CancellationToken cancel, params int[] expected) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : TextOf(body), expected.Length == 0 ? [Ok, Created] : expected, cancel);

    /// <summary>Looks at a page until it shows what is waited for.</summary>
    /// <param name="path">The page.</param>
    /// <param name="shows">Whether it does.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> shows, CancellationToken cancel)
    {
        JsonObject page = await LookAsync(path, cancel);
        while (!shows(page))
        {
            await Task.Delay(Step, cancel);
            page = await LookAsync(path, cancel);
        }
        return page;
    }

    /// <summary>Begins an A/B test: what runs, such as that of a model just trained, is ended for it.</summary>
    public async Task<JsonObject> BeginTestAsync(JsonObject test, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            await EndTestsAsync(cancel);
            (int status, JsonObject body) = attempt == 1
                ? await PostAsync("/models/ab-test", test, cancel, Ok, Conflict)
                : await TellAsync("/models/ab-test", test, cancel, Ok, Conflict);
            if (status == Ok) return body;
            if (attempt == MostTries) throw new StepFailedException($"POST /models/ab-test answered {status}: {body["detail"]}");
        }
    }

    /// <summary>Lets what serves serve alone: a challenger that a retrain brought, and the one that waits behind it, are withdrawn.</summary>
    /// <param name="cancel">Ends the wait.</param>
    /// <param name="show">Whether the commands are printed.</param>
    public async Task EndTestsAsync(CancellationToken cancel, bool show = false)
    {
        for (int tests = 0; tests < MostTries; tests++)
        {
            if ((await LookAsync("/models/summary", cancel))["experiment"] is not { } experiment) return;
            var back = new JsonObject { ["model_type"] = "meta_label", ["version"] = Text(experiment["champion"]!, "label") };
            if (show) await PostAsync("/models/rollback", back, cancel, Ok, Conflict);
            else await TellAsync("/models/rollback", back, cancel, Ok, Conflict);
        }
    }

    /// <summary>A text of an answer.</summary>
    /// <exception cref="StepFailedException">It is not there.</exception>
    public static string Text(JsonNode answer, string name) => Of(answer, name).GetValue<string>();

    /// <summary>A number of an answer.</summary>
    /// <exception cref="StepFailedException">It is not there.</exception>
    public static double Number(JsonNode answer, string name) => Of(answer, name).GetValue<double>();

    /// <summary>The objects in a list of an answer.</summary>
    /// <exception cref="StepFailedException">It is not there.</exception>
    public static IReadOnlyList<JsonObject> Rows(JsonNode answer, string name) => [.. Of(answer, name).AsArray().OfType<JsonObject>()];

    private static JsonNode Of(JsonNode answer, string name) => answer[name] ?? throw new StepFailedException($"the answer has no '{name}'");

    // Each opportunity on a line of its own.
    private static string TextOf(JsonObject body) =>
        body.ToJsonString(Plain).Replace("{\"route_id\"", "\n      {\"route_id\"", StringComparison.Ordinal);

    private async Task<(int Status, JsonObject Body)> SendAsync(
        HttpMethod method, string path, string? body, int[] expected, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, Address + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await http.SendAsync(request, cancel);
        string text = await response.Content.ReadAsStringAsync(cancel);
        int status = (int)response.StatusCode;
        JsonObject? answer = text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : null;
        if (!expected.Contains(status) || answer is null)
            throw new StepFailedException($"{method} {path} answered {status}: {answer?["detail"] ?? answer?["title"] ?? text}");
        return (status, answer);
    }
}
