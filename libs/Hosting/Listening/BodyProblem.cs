using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Why a request that the framework reads is refused, in a caller's words: the framework's own name the types of this program.</summary>
public static partial class BodyProblem
{
    /// <summary>What is wrong with a request, and with which of its fields; empty for none or the body itself.</summary>
    public static (string Field, string Detail) Of(BadHttpRequestException bad)
    {
        ArgumentNullException.ThrowIfNull(bad);
        if (bad.InnerException is JsonException json) return Of(json);
        if (Unbound.Match(bad.Message) is { Success: true } unbound)
        {
            string name = unbound.Groups["name"].Value;
            return (name, $"{name} is '{Echo.Of(unbound.Groups["value"].Value)}', which is of another type than it must be");
        }
        if (!Missing.IsMatch(bad.Message)) return ("", bad.Message);
        return ("", "the body is missing; it must be JSON");
    }

    /// <inheritdoc cref="Of(BadHttpRequestException)"/>
    public static (string Field, string Detail) Of(JsonException json)
    {
        ArgumentNullException.ThrowIfNull(json);
        string field = Echo.Of((json.Path ?? "$").TrimStart('$').TrimStart('.'));
        // What reads JSON, and our own converters, speak of JSON; what makes records of it speaks of types.
        bool ofText = json.GetType() != typeof(JsonException) || json.InnerException is JsonException;
        if (ofText) return (field, json.Message);
        if (!OfTypes.IsMatch(json.Message)) return (field, field.Length == 0 ? json.Message : $"{field}: {json.Message}");
        return (field, field.Length == 0
            ? "the body is no object of this request, or lacks a field that it must have"
            : $"{field} is not a field of this request, or of another type than it must be");
    }

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (?<name>\\w+)\" from \"(?<value>.*)\"", RegexOptions.Singleline)]
    private static partial Regex Unbound { get; }

    [GeneratedRegex("^The JSON |^JSON deserialization | Path: ")]
    private static partial Regex OfTypes { get; }

    [GeneratedRegex("^(Required parameter|Implicit body inferred|Failed to read parameter) ")]
    private static partial Regex Missing { get; }
}
