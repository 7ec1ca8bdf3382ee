using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuadTurbo.Platform.Commands;

/// <summary>Asks the process that runs on a data directory.</summary>
internal static class RunningProcess
{
    private const string KeyVariable = "QUADTURBO_API__KEY";
    private const int KeyNeeded = 401;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The process that runs on <paramref name="dataDirectory"/>; null when there is none.</summary>
    public static ProcessFile? Of(string dataDirectory) => ProcessFile.Read(dataDirectory) is { IsAlive: true } process ? process : null;

    /// <summary>The answer of <paramref name="process"/> to one request.</summary>
    /// <exception cref="BadInputException">It does not answer, or wants an API key that the environment does not give.</exception>
    public static async Task<(int Status, JsonNode? Body)> AskAsync(ProcessFile process, HttpMethod method, string path, CancellationToken cancel, JsonNode? body = null)
    {
        using var http = new HttpClient { BaseAddress = process.Address, Timeout = Patience };
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key) request.Headers.Add("X-Api-Key", key);
            using HttpResponseMessage response = await http.SendAsync(request, cancel);
            string text = await response.Content.ReadAsStringAsync(cancel);
            if ((int)response.StatusCode == KeyNeeded)
                throw new BadInputException($"process {process.Pid} wants an API key: put one that 'quadturbo keys create' made into {KeyVariable}");
            return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new BadInputException($"process {process.Pid} does not answer at {process.Address}: {e.Message}");
        }
    }
}
