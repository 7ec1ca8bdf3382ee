using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Gateway.Rest;

/// <summary><c>GET /models/summary</c> (SERV-08), <c>GET /model/status</c> and <c>GET /models/history</c>: what serves, how it has done, and what did.</summary>
internal sealed class ModelPages(ITransport transport, PredictionDesk desk)
{
    private const double Milliseconds = 1e3;
    private const int MostLines = 1_000;
    private static readonly JsonSerializerOptions Json = OptionsOfHttp();

    /// <summary>Everything that is known of serving and, where there is a registry, every version.</summary>
    public Task<IResult> SummaryAsync(CancellationToken cancel) => AnswerAsync(
        async status =>
        {
            JsonObject page = Summary(status);
            if (await RegistryAsync(cancel) is not { } known) return page;
            page["versions"] = new JsonObject(known.Versions.GroupBy(v => v.ModelType, StringComparer.Ordinal).Select(
                of => KeyValuePair.Create(of.Key, JsonSerializer.SerializeToNode(of.ToArray(), Json))));
            page["online_versions"] = known.OnlineVersions;
            page["experiment"] = JsonSerializer.SerializeToNode(known.Experiment, Json);
            page["live"] = JsonSerializer.SerializeToNode(known.Live, Json);
            return page;
        },
        cancel);

    /// <summary>What serves, in short.</summary>
    public Task<IResult> StatusAsync(CancellationToken cancel) => AnswerAsync(static status => Task.FromResult(Model(status)), cancel);

    /// <summary>What was live at an instant; without one, what is, and the latest decisions.</summary>
    /// <param name="at">The instant, ISO 8601 with a zone (Z is UTC).</param>
    /// <param name="modelType">Of what; the type that judges unless said.</param>
    /// <param name="cancel">The request is gone.</param>
    public async Task<IResult> HistoryAsync(string? at, string? modelType, CancellationToken cancel)
    {
        DateTimeOffset instant = default;
        const string form = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";
        if (at is not null && (!DateTimeOffset.TryParseExact(at, form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant)))
            return Problems.Of(new RequestRefusedException("at", Echo.Of(at), "an instant such as 2026-11-20T12:00:00Z"));
        try
        {
            var asked = new HistoryQuestion(modelType ?? "meta_label", at is null ? null : instant.UtcDateTime, MostLines);
            return Results.Json(await transport.AskAsync(Queries.ModelHistory, asked, cancel));
        }
        catch (RegistryRefusedException e)
        {
            return Problems.Of(e);
        }
        catch (UnansweredQueryException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_registry", e.Message);
        }
    }

    // What is not known is absent.
    private static JsonObject Told(JsonObject page)
    {
        foreach ((string name, JsonNode? value) in page.ToArray())
        {
            if (value is null) page.Remove(name);
            else if (value is JsonObject inner) Told(inner);
            else if (value is JsonArray rows)
                foreach (JsonObject row in rows.OfType<JsonObject>()) Told(row);
        }
        return page;
    }

    private static JsonSerializerOptions OptionsOfHttp()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        HttpJson.Apply(options);
        return options;
    }

    private async ValueTask<RegistrySummary?> RegistryAsync(CancellationToken cancel)
    {
        try
        {
            return await transport.AskAsync(Queries.SummariseVersions, new SummariseVersions(Online: false), cancel);
        }
        catch (UnansweredQueryException)
        {
            return null;
        }
    }

    private async Task<IResult> AnswerAsync(Func<ServingStatus, Task<JsonObject>> page, CancellationToken cancel)
    {
        try
        {
            return Results.Json(Told(await page(await transport.AskAsync(Queries.Serving, default, cancel))));
        }
        catch (UnansweredQueryException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_inference", e.Message);
        }
    }

    private JsonObject Summary(ServingStatus status) => new()
    {
        ["serving"] = Model(status),
        ["providers_available"] = new JsonArray([.. status.Providers]),
        ["arms"] = new JsonArray([.. status.Arms.Select(Arm)]),
        ["challenger_score_difference"] = new JsonObject
        {
            ["opportunities"] = status.Difference.Rows,
            ["mean"] = Known(status.Difference.Mean),
            ["mean_absolute"] = Known(status.Difference.MeanAbsolute),
            ["dropped"] = status.OpinionsDropped,
        },
        ["requests"] = status.Requests,
        ["predictions"] = status.Predictions,
        ["errors"] = status.Errors,
        ["refused_requests"] = desk.Refused,
        ["refused_models"] = status.Refused,
        ["latency_ms"] = new JsonObject { ["p50"] = Quantile(status.Latency.P50), ["p95"] = Quantile(status.Latency.P95), ["p99"] = Quantile(status.Latency.P99) },
        ["fields"] = new JsonObject(status.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, new JsonArray([.. f.Value])))),
        ["unused_fields"] = new JsonArray([.. status.UnusedFields]),
    };

    private static JsonObject Model(ServingStatus status) => new()
    {
        ["model_version"] = status.Model.Label,
        ["model_id"] = status.Model.Id,
        ["ordinal"] = status.Model.Ordinal,
        ["kind"] = status.Kind,
        ["samples"] = status.Samples,
        ["model_scope"] = status.Scope,
        ["provider"] = status.Provider,
        ["voting"] = status.Voting.Length == 0 ? null : status.Voting,
        ["members"] = Members(status.Members),
        ["since"] = status.Since,
        ["why"] = status.Why,
    };

    private static JsonObject Arm(ServingArm arm) => new()
    {
        ["model_version"] = arm.Model.Label,
        ["model_id"] = arm.Model.Id,
        ["share"] = arm.Share,
        ["members"] = Members(arm.Members),
        ["predictions"] = arm.Predictions,
        ["errors"] = arm.Errors,
        ["second_opinions"] = arm.Opinions,
        ["latency_ms"] = new JsonObject { ["p50"] = Quantile(arm.Latency.P50), ["p95"] = Quantile(arm.Latency.P95), ["p99"] = Quantile(arm.Latency.P99) },
        ["since"] = arm.Since,
        ["why"] = arm.Why,
    };

    private static JsonArray Members(IReadOnlyList<ServingMember> members) =>
        new([.. members.Select(m => new JsonObject { ["name"] = m.Name, ["version"] = m.Version, ["weight"] = m.Weight })]);

    private static JsonNode? Known(double figure) => double.IsFinite(figure) ? figure : null;

    private static JsonNode? Quantile(double seconds) => double.IsNaN(seconds) ? null : seconds * Milliseconds;
}
