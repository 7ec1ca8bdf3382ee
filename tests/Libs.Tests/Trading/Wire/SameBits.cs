using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

/// <summary>Compares two values bit by bit, down to the scale of a decimal, the sign of a zero and the kind of an instant.</summary>
/// <remarks>One NaN is as good as another.</remarks>
internal static class SameBits
{
    /// <summary>Fails at the first difference and says where it is.</summary>
    public static void Assert(object? expected, object? actual, InstrumentTable reader) => Compare(expected, actual, reader, "value");

    private static void Compare(object? expected, object? actual, InstrumentTable reader, string at)
    {
        if (expected is null || actual is null)
        {
            Xunit.Assert.True(expected is null && actual is null, $"{at}: {expected ?? "null"} became {actual ?? "null"}");
            return;
        }
        switch (expected)
        {
            case Instrument instrument:
                Xunit.Assert.Same(reader.Find(instrument.Venue, instrument.Symbol), actual);
                Xunit.Assert.Equal((instrument.Market, instrument.Sizing), (((Instrument)actual).Market, ((Instrument)actual).Sizing));
                return;
            case PredictionBatch batch:
                Batch(batch, (PredictionBatch)actual, reader, at);
                return;
            case JsonNode node:
                Xunit.Assert.Equal(node.ToJsonString(), ((JsonNode)actual).ToJsonString());
                return;
            case string or bool or Enum or int or uint or long or UInt128 or DateOnly or TimeSpan or decimal or double or DateTime or FeatureVector or ReadOnlyMemory<byte>:
                Xunit.Assert.True(Bits(expected) == Bits(actual), $"{at}: {Bits(expected)} became {Bits(actual)}");
                return;
            case IDictionary map:
                Xunit.Assert.Equal(map.Count, ((ICollection)actual).Count);
                foreach (object key in map.Keys) Compare(map[key], ((IDictionary)actual)[key], reader, $"{at}[{key}]");
                return;
            case IEnumerable list:
                List([.. list.Cast<object>()], [.. ((IEnumerable)actual).Cast<object>()], reader, at);
                return;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++) Compare(tuple[i], ((ITuple)actual)[i], reader, $"{at}.{i}");
                return;
            default:
                Fields(expected, actual, reader, at);
                return;
        }
    }

    private static void Fields(object expected, object actual, InstrumentTable reader, string at)
    {
        Xunit.Assert.Equal(expected.GetType(), actual.GetType());
        if (expected is ReadOnlyMemory<GateResult> gates)
        {
            List([.. gates.ToArray().Cast<object>()], [.. ((ReadOnlyMemory<GateResult>)actual).ToArray().Cast<object>()], reader, at);
            return;
        }
        foreach (PropertyInfo property in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.CanWrite) Compare(property.GetValue(expected), property.GetValue(actual), reader, $"{at}.{property.Name}");
    }

    private static void List(object[] expected, object[] actual, InstrumentTable reader, string at)
    {
        Xunit.Assert.True(expected.Length == actual.Length, $"{at}: {expected.Length} items became {actual.Length}");
        for (int i = 0; i < expected.Length; i++) Compare(expected[i], actual[i], reader, $"{at}[{i}]");
    }

    private static void Batch(PredictionBatch expected, PredictionBatch actual, InstrumentTable reader, string at)
    {
        Compare(expected.Body, actual.Body, reader, $"{at}.Body");
        Compare(expected.Threshold, actual.Threshold, reader, $"{at}.Threshold");
        Xunit.Assert.Equal(expected.UseGpu, actual.UseGpu);
        List([.. expected.Inputs.ToArray().Cast<object>()], [.. actual.Inputs.ToArray().Cast<object>()], reader, at);
    }

    private static string Bits(float value) => float.IsNaN(value) ? "NaN" : BitConverter.SingleToInt32Bits(value).ToString("x");

    private static string Bits(object value) => value switch
    {
        decimal number => string.Join(' ', decimal.GetBits(number)),
        double.NaN => "NaN",
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x"),
        DateTime instant => $"{instant.Ticks} {instant.Kind}",
        FeatureVector features => string.Join(' ', ((ReadOnlySpan<float>)features).ToArray().Select(Bits)),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        _ => $"{value}",
    };
}
