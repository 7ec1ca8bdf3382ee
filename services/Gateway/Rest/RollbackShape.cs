using System.ComponentModel;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Gateway.Rest;

/// <summary>The answer to <c>POST /models/rollback</c>.</summary>
internal sealed record RollbackShape(
    [property: JsonPropertyName("live"), Description("What was decided.")] LiveView Live,
    [property: JsonPropertyName("served"), Description("What scores requests, as its owner says; null where no service of the process does.")] ModelRef? Served,
    [property: JsonPropertyName("verified"), Description("Whether the two are the same model.")] bool Verified,
    [property: JsonPropertyName("note"), Description("Whether the version is held, and until when.")] string Note);
