using System.Globalization;
using System.Text.Json;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Mlflow;

/// <summary>Answers calls of MLflow's interface by their names; a refusal is an answer too.</summary>
public sealed class MlflowDoor(MlflowRest rest)
{
    /// <summary>The answer to one call.</summary>
    public MlflowReply Answer(MlflowCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            return Reply(200, Serve(call));
        }
        catch (Exception e) when (e is RegistryRefusedException or ModelRefusedException)
        {
            (int status, MlflowError body) = MlflowError.Of(e);
            return Reply(status, body);
        }
        catch (JsonException e)
        {
            return Reply(400, new MlflowError("INVALID_PARAMETER_VALUE", BodyProblem.Of(e).Detail));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reply(400, new MlflowError("INVALID_PARAMETER_VALUE", "the file cannot be read"));
        }
    }

    private static MlflowReply Reply(int status, object body) => new(status, JsonSerializer.SerializeToUtf8Bytes(body, MlflowJson.Options));

    private static T Read<T>(MlflowCall call) => JsonSerializer.Deserialize<T>(call.Arguments.Span, MlflowJson.Options) ?? throw new JsonException("the body is null");

    private object Serve(MlflowCall call)
    {
        switch (call.Method)
        {
            case "registered-models/create": return MlflowRest.CreateModel(Read<MlflowCreateModel>(call));
            case "model-versions/create": return rest.CreateVersion(Read<MlflowCreateVersion>(call));
            case "model-versions/set-tag":
                rest.SetTag(Read<MlflowSetTag>(call));
                return new { };
        }
        Dictionary<string, string> query = Read<Dictionary<string, string>>(call);
        return call.Method switch
        {
            "registered-models/get" => rest.GetModel(query.GetValueOrDefault("name")),
            "registered-models/search" => rest.SearchModels(query.GetValueOrDefault("filter"), MostOf(query), query.GetValueOrDefault("page_token")),
            "model-versions/get" => rest.GetVersion(query.GetValueOrDefault("name"), query.GetValueOrDefault("version")),
            "model-versions/search" => rest.SearchVersions(query.GetValueOrDefault("filter"), MostOf(query), query.GetValueOrDefault("page_token")),
            "model-versions/get-download-uri" => rest.DownloadUri(query.GetValueOrDefault("name"), query.GetValueOrDefault("version")),
            _ => throw new RegistryRefusedException(Refusal.NotFound, $"there is no call '{Echo.Of(call.Method)}' here"),
        };
    }

    private static int MostOf(Dictionary<string, string> query)
    {
        const int usual = 100;
        if (!query.TryGetValue("max_results", out string? text)) return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            ? most
            : throw new RegistryRefusedException(Refusal.Invalid, $"max_results '{Echo.Of(text)}' is not a number");
    }
}
