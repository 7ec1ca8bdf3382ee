using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>What a process serves its sidecar, on a port that nobody else uses.</summary>
internal static class DaprEndpoints
{
    // Of an entry around its message.
    private const int EnvelopeBytes = 64 << 10;
    private const string TokenHeader = "dapr-api-token";

    /// <summary>Maps them.</summary>
    public static void MapDapr(this IEndpointRouteBuilder routes)
    {
        DaprTransport transport = routes.ServiceProvider.GetRequiredService<DaprTransport>();
        RouteGroupBuilder own = routes.MapDoor();
        // A sidecar gathers by number, not by size.
        long most = transport.Options.BulkMessages * (long)(WireFormat.MostBytes + EnvelopeBytes);
        own.ExcludeFromDescription().WithMetadata(new BodyLimit(most), new OpenToAll());
        own.MapGet("/dapr/subscribe", (HttpContext context) => SubscribeAsync(context, transport));
        own.MapPost("/events/{topic}", (HttpContext context, string topic) => HearAsync(context, topic, transport));
        own.MapPost("/ask/{query}", (HttpContext context, string query) => AnswerAsync(context, query, transport));
    }

    /// <summary>Routes that only the sidecar of this process reaches.</summary>
    public static RouteGroupBuilder MapDoor(this IEndpointRouteBuilder routes)
    {
        DaprOptions options = routes.ServiceProvider.GetRequiredService<DaprTransport>().Options;
        RouteGroupBuilder door = routes.MapGroup("").RequireHost($"*:{options.AppPort}");
        door.AddEndpointFilter(async (context, next) => IsMySidecar(context.HttpContext, options) ? await next(context) : Results.StatusCode(StatusCodes.Status401Unauthorized));
        return door;
    }

    private static bool IsMySidecar(HttpContext context, DaprOptions options) =>
        options.AppToken is not { } token || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(context.Request.Headers[TokenHeader].ToString()));

    private static async Task SubscribeAsync(HttpContext context, DaprTransport transport)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartArray();
        foreach (string topic in transport.Topics)
        {
            json.WriteStartObject();
            json.WriteString("pubsubname", DaprNames.PubSub);
            json.WriteString("topic", topic);
            json.WriteString("route", "/events/" + topic);
            json.WriteString("deadLetterTopic", DaprNames.DeadLetterOf(topic));
            json.WriteStartObject("bulkSubscribe");
            json.WriteBoolean("enabled", true);
            json.WriteNumber("maxMessagesCount", transport.Options.BulkMessages);
            json.WriteNumber("maxAwaitDurationMs", (int)transport.Options.BulkAwait.TotalMilliseconds);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static async Task HearAsync(HttpContext context, string topic, DaprTransport transport)
    {
        using RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        List<(string EntryId, CarrierEvent? Event)> delivered;
        try
        {
            delivered = CarrierEvent.ReadDelivery(body.Memory);
        }
        catch (JsonException)
        {
            // Nothing of it can be told apart: it is left to the sidecar's retries and dead letters.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        // All are taken up before the first is waited for: they share a transaction.
        ValueTask<Disposition>[] taken = [.. delivered.Select(d => transport.TakeAsync(topic, d.Event, context.RequestAborted))];
        var dispositions = new Disposition[taken.Length];
        for (int i = 0; i < taken.Length; i++) dispositions[i] = await taken[i];
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        if (delivered is [("", _)])
        {
            json.WriteString("status", NameOf(dispositions[0]));
        }
        else
        {
            json.WriteStartArray("statuses");
            for (int i = 0; i < dispositions.Length; i++)
            {
                json.WriteStartObject();
                json.WriteString("entryId", delivered[i].EntryId);
                json.WriteString("status", NameOf(dispositions[i]));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static async Task AnswerAsync(HttpContext context, string query, DaprTransport transport)
    {
        if (transport.AnswererOf(query) is not { } owner)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "unanswered", $"'{transport.Options.AppId}' does not answer '{query}'");
            return;
        }
        using RequestBody body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var answer = new ArrayBufferWriter<byte>(1024);
        try
        {
            await owner.AnswerAsync(body.Memory, transport.Tables, answer, context.RequestAborted);
        }
        catch (WireException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "not_understood", e.Message);
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(answer.WrittenMemory, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Dictionary<string, string> { ["errorCode"] = code, ["message"] = message }, context.RequestAborted);
    }

    private static string NameOf(Disposition disposition) => disposition switch
    {
        Disposition.Success => "SUCCESS",
        Disposition.Drop => "DROP",
        _ => "RETRY",
    };
}
