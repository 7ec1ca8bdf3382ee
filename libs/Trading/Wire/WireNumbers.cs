using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Trading.Wire;

/// <summary>A decimal as a string with every digit that it has, trailing zeros too: <c>"1.50"</c>.</summary>
internal sealed class WireDecimal : JsonConverter<decimal>
{
    // A sign, 29 digits and a point.
    private const int MostLetters = 31, MostDigits = 29;

    public override decimal Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("a decimal must be a string");
        bool read = reader.ValueIsEscaped || reader.HasValueSequence
            ? TryParse(Encoding.UTF8.GetBytes(reader.GetString()!), out decimal value)
            : TryParse(reader.ValueSpan, out value);
        return read ? value : throw new JsonException("not a decimal of at most 29 digits");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[MostLetters + 1];
        text[0] = (byte)'-';
        // Zero has a sign too, which is not printed.
        bool negativeZero = value == 0m && decimal.IsNegative(value);
        value.TryFormat(text[1..], out int length, default, CultureInfo.InvariantCulture);
        writer.WriteStringValue(negativeZero && text[1] != (byte)'-' ? text[..(length + 1)] : text.Slice(1, length));
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0m;
        return text.Length <= MostLetters && Digits(text) <= MostDigits
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        int digits = 0;
        foreach (byte letter in text)
            if (letter is >= (byte)'0' and <= (byte)'9') digits++;
        return digits;
    }
}

/// <summary>A double with every bit that matters; NaN, which stands for "not known", as null.</summary>
/// <remarks>Infinities are the strings <c>"Infinity"</c> and <c>"-Infinity"</c>.</remarks>
internal sealed class WireDouble : JsonConverter<double>
{
    private const string Infinity = "Infinity", NegativeInfinity = "-Infinity";

    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value);

    public static double Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => double.NaN,
        JsonTokenType.Number when reader.TryGetDouble(out double value) && double.IsFinite(value) => value,
        JsonTokenType.String when reader.ValueTextEquals(Infinity) => double.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals(NegativeInfinity) => double.NegativeInfinity,
        _ => throw new JsonException("not a number within the range of a double, and not null"),
    };

    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else if (double.IsNaN(value)) writer.WriteNullValue();
        else writer.WriteStringValue(value > 0 ? Infinity : NegativeInfinity);
    }
}

/// <summary>The same where null is a value of its own: NaN is <c>"NaN"</c>.</summary>
internal sealed class WireOptionalDouble : JsonConverter<double?>
{
    private const string NaN = "NaN";

    public override bool HandleNull => true;

    public override double? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when reader.ValueTextEquals(NaN) => double.NaN,
        _ => WireDouble.Read(ref reader),
    };

    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
    {
        if (value is not { } known) writer.WriteNullValue();
        else if (double.IsNaN(known)) writer.WriteStringValue(NaN);
        else WireDouble.Write(writer, known);
    }
}

/// <summary>The model's inputs as an array in schema order; null is not known.</summary>
internal sealed class WireFeatures : JsonConverter<FeatureVector>
{
    public override FeatureVector Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("features must be an array");
        WireScope.Current.HasFeatures = true;
        FeatureVector features = default;
        int count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            if (count < FeatureSchema.Count) features[count] = Feature(ref reader, count);
            else reader.Skip();
        return count == FeatureSchema.Count ? features : throw new JsonException($"{count} features, the schema has {FeatureSchema.Count}");
    }

    public override void Write(Utf8JsonWriter writer, FeatureVector value, JsonSerializerOptions options)
    {
        WireScope.Current.HasFeatures = true;
        writer.WriteStartArray();
        foreach (float feature in value)
            if (float.IsFinite(feature)) writer.WriteNumberValue(feature);
            else WireDouble.Write(writer, feature);
        writer.WriteEndArray();
    }

    private static float Feature(ref Utf8JsonReader reader, int column) => reader.TokenType switch
    {
        JsonTokenType.Null => float.NaN,
        JsonTokenType.Number when reader.TryGetSingle(out float value) && float.IsFinite(value) => value,
        JsonTokenType.String => (float)WireDouble.Read(ref reader),
        _ => throw new JsonException($"{FeatureSchema.Columns[column].Name} is not a number within the range of a float, and not null"),
    };
}
