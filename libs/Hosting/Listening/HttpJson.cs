using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuadTurbo.Hosting.Listening;

/// <summary>How records become JSON over HTTP: unknown is absent, money is text, numbers are numbers, instants are UTC with microseconds [E-51].</summary>
public static class HttpJson
{
    /// <summary>Sets it.</summary>
    public static void Apply(JsonSerializerOptions json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.MaxDepth = Limits.JsonDepth;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Converters.Add(new MoneyText());
        json.Converters.Add(new InstantText());
    }

    /// <summary>Decimals as text, so that no reader rounds them; a number is read too, as programs have sent it.</summary>
    private sealed class MoneyText : JsonConverter<decimal>
    {
        private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number) return reader.GetDecimal();
            return reader.TokenType == JsonTokenType.String && decimal.TryParse(reader.GetString(), Plain, CultureInfo.InvariantCulture, out decimal value)
                ? value
                : throw new JsonException("a decimal number is needed, as text or as a number");
        }

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class InstantText : JsonConverter<DateTime>
    {
        private const string Form = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue((value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).ToString(Form, CultureInfo.InvariantCulture));
    }
}
