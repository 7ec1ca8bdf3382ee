using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

/// <summary>Any value of a type that travels between processes, extremes included.</summary>
internal sealed class AnyValue
{
    private static readonly string[] Texts = ["", "x", "é < > & \" \\ / \u2028 \n\t", "\U0001F680 fünf", "NaN", "null", "{\"a\":1}"];
    private readonly Random _random;
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Instrument[] _instruments;
    private readonly GatePolicy[] _policies;
    private readonly ModelRef[] _models;

    public AnyValue(int seed, InstrumentTable instruments)
    {
        _random = new Random(seed);
        _instruments =
        [
            instruments.Get("KRAKEN", "BTC-USD"), instruments.Get("BINANCE", "BTC-USDT"), instruments.Get("BYBIT_INVERSE", "BTCUSD-PERP"), instruments.Get("é\"", "X"),
        ];
        _models = [.. Enumerable.Range(0, 3).Select(_ => new ModelRef(Text(), Text(), _random.Next()))];
        _policies = [.. new[] { 0, 3, GatePolicy.MostGates }.Select(n => new GatePolicy([.. Enumerable.Range(0, n).Select(_ => Of<GateDefinition>())], Text()))];
    }

    public T Of<T>() => (T)Of(typeof(T))!;

    public object? Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } some) return Chance(0.3) ? null : Of(some);
        if (type.IsEnum) return Pick(Enum.GetValues(type).Cast<object>().ToArray());
        if (Scalar(type) is { } scalar) return scalar;
        if (type.IsGenericType && type.GetInterface(nameof(ITuple)) is not null) return Activator.CreateInstance(type, [.. type.GenericTypeArguments.Select(Of)]);
        if (type.IsArray) return List(type.GetElementType()!);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(type.GenericTypeArguments[0]);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? Map(type.GenericTypeArguments[1]) : Built(type);
    }

    private object? Scalar(Type type) => type switch
    {
        _ when type == typeof(string) => Text(),
        _ when type == typeof(bool) => Chance(0.5),
        _ when type == typeof(int) => Pick(0, -1, int.MaxValue, int.MinValue, _random.Next()),
        _ when type == typeof(uint) => (uint)_random.NextInt64(),
        _ when type == typeof(long) => Pick(0L, -1L, long.MaxValue, long.MinValue, (1L << 53) + 1, _random.NextInt64()),
        _ when type == typeof(UInt128) => new UInt128((ulong)_random.NextInt64(), (ulong)_random.NextInt64(long.MinValue, long.MaxValue)),
        _ when type == typeof(double) => Double(),
        _ when type == typeof(decimal) => Decimal(),
        _ when type == typeof(DateTime) => new DateTime(_random.NextInt64(DateTime.MaxValue.Ticks + 1), Chance(0.9) ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber + 1)),
        _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(_random.NextInt64(long.MinValue, long.MaxValue)),
        _ when type == typeof(OpportunityId) => Id(),
        _ when type == typeof(FeatureVector) => Features(),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(Bytes(_random.Next(100))),
        _ when type == typeof(ReadOnlyMemory<GateResult>) => Gates(0),
        _ when type == typeof(Instrument) => Pick(_instruments),
        _ when type == typeof(GatePolicy) => Pick(_policies),
        _ when type == typeof(ModelRef) => Pick(_models),
        _ when type == typeof(JsonObject) => JsonNode.Parse("""{"a":[1.50,null,{"b":"x"}],"c":1e400}"""),
        _ when type == typeof(PredictionBatch) => Batch(),
        _ => null,
    };

    private object Built(Type type)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        ConstructorInfo? constructor = constructors.Length == 0 ? null : constructors.MaxBy(static c => c.GetParameters().Length);
        ParameterInfo[] parameters = constructor?.GetParameters() ?? [];
        object built = constructor is null
            ? Activator.CreateInstance(type)!
            : constructor.Invoke([.. parameters.Select(p => OrNull(p.ParameterType, _nullability.Create(p)))]);
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.CanWrite && parameters.All(p => p.Name != property.Name))
                property.SetValue(built, OrNull(property.PropertyType, _nullability.Create(property)));
        return built is Decision decision ? decision with { Gates = Gates(decision.Policy.Gates.Count) } : built;
    }

    private object? OrNull(Type type, NullabilityInfo nullability) =>
        !type.IsValueType && nullability.ReadState == NullabilityState.Nullable && Chance(0.3) ? null : Of(type);

    private Array List(Type element)
    {
        var list = Array.CreateInstance(element, _random.Next(4));
        for (int i = 0; i < list.Length; i++) list.SetValue(Of(element), i);
        return list;
    }

    private object Map(Type value)
    {
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
        for (int i = _random.Next(4); i > 0; i--) map[$"{Text()}{i}"] = Of(value);
        return map;
    }

    private PredictionBatch Batch()
    {
        var batch = new PredictionBatch(1) { Body = Bytes(64), Threshold = Double(), UseGpu = Chance(0.5) };
        for (int i = _random.Next(4); i > 0; i--)
        {
            PredictionInput input = (PredictionInput)Built(typeof(PredictionInput));
            (input.RouteIdStart, input.RouteIdLength, input.Shape) = (1 + _random.Next(20), _random.Next(20), (RouteShape)_random.Next(4));
            batch.Add() = input;
        }
        return batch;
    }

    private ReadOnlyMemory<GateResult> Gates(int count) => (GateResult[])[.. Enumerable.Range(0, count).Select(_ => Of<GateResult>())];

    private OpportunityId Id() => new((ulong)_random.NextInt64(long.MinValue, long.MaxValue), (ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    private FeatureVector Features()
    {
        FeatureVector features = default;
        for (int i = 0; i < FeatureSchema.Count; i++)
            features[i] = Pick(
                float.NaN, 0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, _random.NextSingle(),
                BitConverter.Int32BitsToSingle(_random.Next()));
        return features;
    }

    private double Double() => Pick(
        double.NaN, 0d, -0d, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1, _random.NextDouble(),
        BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue)));

    private decimal Decimal() => Pick(
        0m, 1.50m, 100.00m, decimal.MaxValue, decimal.MinValue, new decimal(0, 0, 0, true, 2), new decimal(1, 0, 0, false, 28),
        new decimal(_random.Next(), _random.Next(), _random.Next(), Chance(0.5), (byte)_random.Next(29)));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Text() => Pick(Texts);

    private bool Chance(double share) => _random.NextDouble() < share;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
