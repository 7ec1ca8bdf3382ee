using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Predictions;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Trading.Wire;

/// <summary>How values are written: every field that cannot be null is required, and computed ones are left out.</summary>
internal static class WireJson
{
    /// <summary>How deeply a value may be nested.</summary>
    public const int Depth = 24;

    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>How <typeparamref name="T"/> is written.</summary>
    /// <exception cref="NotSupportedException">It is no message, question or answer.</exception>
    public static JsonTypeInfo<T> Of<T>() => Typed<T>.Info;

    /// <summary>Throws where a list holds null; a serializer sees to fields only.</summary>
    public static void RefuseNulls(object? list)
    {
        if (list is string or JsonNode || list is not IEnumerable items) return;
        foreach (object? item in items)
            if (item is null) throw new JsonException("a list holds null");
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            MaxDepth = Depth,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(WireContext.Default.WithAddedModifier(Strict), new Batches()),
        };
        JsonConverter[] converters =
        [
            new WireDecimal(), new WireDouble(), new WireOptionalDouble(), new WireFeatures(), new WireId(), new WireDigest(), new WireInstant(),
            new WireBytes(), new WireGates(),
            new InstrumentReference(), new PolicyReference(), new ModelReference(), new ScorerReference(),
            new WirePredictions(), new WireWriterView(), new WireDifference(), new WireLatency(), new WireShape(),
            new WireName<FeedTiming>(), new WireName<FeedEnd>(), new WireName<SizeUnit>(), new WireName<OpportunityKind>(), new WireName<TradeMode>(),
            new WireName<TradeSide>(), new WireName<SizeKnowledge>(), new WireName<Regime>(), new WireName<GateComparison>(), new WireName<Lane>(),
            new WireName<MissCode>(), new WireName<ExitReason>(), new WireName<Refusal>(), new WireName<Chain>(),
        ];
        foreach (JsonConverter converter in converters) options.Converters.Add(converter);
        options.MakeReadOnly();
        return options;
    }

    private static void Strict(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            JsonPropertyInfo property = type.Properties[i];
            if (property.Set is null && property.AssociatedParameter is null) type.Properties.RemoveAt(i);
            else property.IsRequired = !MayBeNull(property);
            if (property.PropertyType == typeof(Decision) && type.Type == typeof(Outcome)) property.CustomConverter = new DecisionReference();
        }
        Func<object, object?>[] lists = [.. type.Properties.Where(static p => HoldsReferences(p.PropertyType)).Select(static p => p.Get!)];
        bool decision = type.Type == typeof(Decision);
        if (lists.Length == 0 && !decision) return;
        type.OnDeserialized = read =>
        {
            foreach (Func<object, object?> list in lists) RefuseNulls(list(read));
            if (decision) Check((Decision)read);
        };
    }

    private static bool MayBeNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsGetNullable;

    private static void Check(Decision decision)
    {
        if (decision.Gates.Length != decision.Policy.Gates.Count)
            throw new JsonException($"gates: {decision.Gates.Length} results, the policy has {decision.Policy.Gates.Count} gates");
    }

    private static bool HoldsReferences(Type type)
    {
        if (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type) || typeof(JsonNode).IsAssignableFrom(type)) return false;
        Type? element = type.IsArray ? type.GetElementType() : type.GenericTypeArguments.LastOrDefault();
        return element is { IsValueType: false };
    }

    /// <summary>A batch is rented, filled and has spans: no generated code can see it.</summary>
    private sealed class Batches : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
            type == typeof(PredictionBatch) ? JsonMetadataServices.CreateValueInfo<PredictionBatch>(options, new WirePredictions()) : null;
    }

    private static class Typed<T>
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}

/// <summary>Every message in path order, then every question and answer by who answers, then the entries of a message's tables.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(MarketObserved))]
[JsonSerializable(typeof(FeedReport))]
[JsonSerializable(typeof(OpportunityDetected))]
[JsonSerializable(typeof(OpportunityJudged))]
[JsonSerializable(typeof(OutcomesKnown))]
[JsonSerializable(typeof(AccountChanged))]
[JsonSerializable(typeof(AccountSnapshot))]
[JsonSerializable(typeof(OutcomeReported))]
[JsonSerializable(typeof(TwinsReconciled))]
[JsonSerializable(typeof(DecisionsCommitted))]
[JsonSerializable(typeof(ModelTrained))]
[JsonSerializable(typeof(ModelAssigned))]
[JsonSerializable(typeof(LastOrdinalQuestion))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(RegisterVersion))]
[JsonSerializable(typeof(RegisteredVersion))]
[JsonSerializable(typeof(StartAbTest))]
[JsonSerializable(typeof(ExperimentView))]
[JsonSerializable(typeof(PromoteWinner))]
[JsonSerializable(typeof(PromotionView))]
[JsonSerializable(typeof(RollBack))]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(Unpin))]
[JsonSerializable(typeof(SummariseVersions))]
[JsonSerializable(typeof(RegistrySummary))]
[JsonSerializable(typeof(HistoryQuestion))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(MlflowCall))]
[JsonSerializable(typeof(MlflowReply))]
[JsonSerializable(typeof(PredictionAnswer))]
[JsonSerializable(typeof(ServingQuestion))]
[JsonSerializable(typeof(ServingStatus))]
[JsonSerializable(typeof(ModelsQuestion))]
[JsonSerializable(typeof(ModelsAnswer))]
[JsonSerializable(typeof(ModelQuestion))]
[JsonSerializable(typeof(ModelDetail))]
[JsonSerializable(typeof(LearningQuestion))]
[JsonSerializable(typeof(LearningView))]
[JsonSerializable(typeof(LearnersQuestion))]
[JsonSerializable(typeof(IReadOnlyList<LearnerView>))]
[JsonSerializable(typeof(ReadinessQuestion))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(TrainNow))]
[JsonSerializable(typeof(TrainingBegun))]
[JsonSerializable(typeof(FiguresQuestion))]
[JsonSerializable(typeof(PathFigures))]
[JsonSerializable(typeof(WriterQuestion))]
[JsonSerializable(typeof(WriterView))]
[JsonSerializable(typeof(DurableQuestion))]
[JsonSerializable(typeof(DurableAnswer))]
[JsonSerializable(typeof(ReportedQuestion))]
[JsonSerializable(typeof(ReportedAnswer))]
[JsonSerializable(typeof(AuditQuestion))]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(EquityQuestion))]
[JsonSerializable(typeof(EquityView))]
[JsonSerializable(typeof(OpportunitiesQuestion))]
[JsonSerializable(typeof(OpportunityPage))]
[JsonSerializable(typeof(PageQuestion))]
[JsonSerializable(typeof(LifePage))]
[JsonSerializable(typeof(StoryQuestion))]
[JsonSerializable(typeof(Sought<OpportunityLife>))]
[JsonSerializable(typeof(Sought<JsonObject>))]
[JsonSerializable(typeof(GatesQuestion))]
[JsonSerializable(typeof(GateCourtView))]
[JsonSerializable(typeof(TwinsView))]
[JsonSerializable(typeof(MatrixQuestion))]
[JsonSerializable(typeof(ExecutionMatrixView))]
[JsonSerializable(typeof(GraduationQuestion))]
[JsonSerializable(typeof(GraduationFacts))]
[JsonSerializable(typeof(GuardQuestion))]
[JsonSerializable(typeof(GuardView))]
[JsonSerializable(typeof(InstrumentEntry[]))]
[JsonSerializable(typeof(ModelEntry[]))]
[JsonSerializable(typeof(PolicyContent))]
[JsonSerializable(typeof(ScorerEntry[]))]
[JsonSerializable(typeof(Decision[]))]
[JsonSerializable(typeof(PredictionQuestion))]
[JsonSerializable(typeof(PredictionScores))]
[JsonSerializable(typeof(WriterState))]
[JsonSerializable(typeof(RefusedAnswer))]
[JsonSerializable(typeof(DifferenceEntry))]
[JsonSerializable(typeof(LatencyEntry))]
internal sealed partial class WireContext : JsonSerializerContext;
