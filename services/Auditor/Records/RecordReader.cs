using System.Text.Json;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Records;

/// <summary>Turns ledger records back into the events that they hold. Records must be given in order, from the first one on.</summary>
public sealed class RecordReader
{
    private readonly Dictionary<int, Instrument> _instruments = [];
    private readonly List<GatePolicy> _policies = [];
    private readonly List<ModelRef> _models = [];

    /// <summary>The event of <paramref name="entry"/>, an array of outcomes where one record holds several; null for a record that only declares an instrument, a policy or a model's name.</summary>
    /// <exception cref="InvalidDataException">The record is of an unknown kind or another version.</exception>
    public object? Read(in LedgerEntry entry)
    {
        ReadOnlySpan<byte> payload = entry.Payload.Span;
        switch ((RecordKind)entry.Kind)
        {
            case RecordKind.SessionOpened:
                _instruments.Clear();
                _policies.Clear();
                _models.Clear();
                return Json<SessionOpened>(payload);
            case RecordKind.Policy:
                _policies.Add(Json<GatePolicy>(payload));
                return null;
            case RecordKind.Instrument:
                Instrument instrument = Json<Instrument>(payload);
                _instruments[instrument.Index] = instrument;
                return null;
            case RecordKind.ModelName:
                _models.Add(Json<ModelRef>(payload));
                return null;
            case RecordKind.Model: return Model(payload);
            case RecordKind.Decision: return Decision(payload);
            case RecordKind.Outcome: return Outcome(payload);
            case RecordKind.Recorded: return Recorded(payload);
            case RecordKind.Account: return Json<AccountChanged>(payload);
            case RecordKind.Feed: return Json<FeedReport>(payload);
            case RecordKind.Assignment: return Assignment(payload);
            case RecordKind.Package: return Package(payload);
            default: throw new InvalidDataException($"ledger record {entry.Sequence} is of kind {entry.Kind}, which this version does not know");
        }
    }

    private static T Json<T>(ReadOnlySpan<byte> payload)
        where T : class =>
        JsonSerializer.Deserialize<T>(payload, RecordJson.Options) ?? throw new InvalidDataException($"a ledger record of {typeof(T).Name} is empty");

    private static ModelTrained Model(ReadOnlySpan<byte> payload)
    {
        var read = new BinaryIn(payload);
        return new ModelTrained
        {
            Model = Ref(ref read),
            Trigger = read.Text() ?? "",
            Samples = read.Int64(),
            Accuracy = read.Double(),
            Auc = read.Double(),
            LogLoss = read.Double(),
            BaselineLogLoss = read.Double(),
            KnownAt = read.Time(),
            Package = read.Bytes(),
        };
    }

    private static AssignmentRecord Assignment(ReadOnlySpan<byte> payload)
    {
        var read = new BinaryIn(payload);
        // Before there were challengers, a model that was assigned judged everything.
        return new AssignmentRecord(Ref(ref read), read.Text() ?? "", read.Ended ? ModelAssigned.All : read.Double());
    }

    private static PackageRecord Package(ReadOnlySpan<byte> payload)
    {
        var read = new BinaryIn(payload);
        return new PackageRecord(Ref(ref read), read.Bytes());
    }

    private DecisionRecord Decision(ReadOnlySpan<byte> payload)
    {
        var read = new BinaryIn(payload);
        Opportunity opportunity = Opportunity(ref read);
        bool passed = read.Bool();
        double score = read.Double(), metaLabel = read.Double();
        int ordinal = read.Int32();
        var due = (DueLanes)read.Byte();
        ModelRef model = _models[read.Int32()];
        GatePolicy policy = _policies[read.Int32()];
        return new DecisionRecord(
            new Decision
            {
                Opportunity = opportunity,
                Passed = passed,
                Score = score,
                MetaLabel = metaLabel,
                Ordinal = ordinal,
                Model = model,
                Policy = policy,
                Gates = Gates(ref read),
            },
            due);
    }

    private Opportunity Opportunity(ref BinaryIn read)
    {
        var opportunity = new Opportunity
        {
            Id = Id(ref read),
            Position = read.Int64(),
            KnownAt = read.Time(),
            Timing = (FeedTiming)read.Byte(),
            Kind = (OpportunityKind)read.Byte(),
            Mode = (TradeMode)read.Byte(),
            Side = (TradeSide)read.Byte(),
            Size = (SizeKnowledge)read.Byte(),
            Regime = (Regime)read.Byte(),
            NetPositive = read.Bool(),
            Submitted = read.Bool(),
            Buy = Offer(ref read),
            Sell = Offer(ref read),
            Quantity = read.Decimal(),
            ExpectedProfit = read.Decimal(),
            GasCost = read.Decimal(),
            Hops = read.Int32(),
            GrossEdgeBps = read.Double(),
            FeeBps = read.Double(),
            Confidence = read.Double(),
            SpreadBps = read.Double(),
            VolumeRatio = read.Double(),
            Barriers = read.Bool() ? new Barriers(read.Double(), read.Double(), TimeSpan.FromTicks(read.Int64())) : null,
            Features = Features(ref read),
        };
        return opportunity;
    }

    private static FeatureVector Features(ref BinaryIn read)
    {
        FeatureVector features = default;
        for (int i = 0; i < FeatureSchema.Count; i++) features[i] = read.Single();
        return features;
    }

    private OutcomeRecord Outcome(ReadOnlySpan<byte> payload)
    {
        var read = new BinaryIn(payload);
        return new OutcomeRecord
        {
            Id = Id(ref read),
            Lane = (Lane)read.Byte(),
            Missed = (MissCode)read.Byte(),
            At = read.Time(),
            Detail = read.Text(),
            Trade = read.Bool() ? Trade(ref read) : null,
        };
    }

    private static OutcomeRecord[] Recorded(ReadOnlySpan<byte> payload)
    {
        var read = new BinaryIn(payload);
        var recorded = new OutcomeRecord[read.Int32()];
        for (int i = 0; i < recorded.Length; i++) recorded[i] = new OutcomeRecord { Id = Id(ref read), Lane = Lane.Training, At = read.Time() };
        return recorded;
    }

    private Trade Trade(ref BinaryIn read) => new()
    {
        Entry = Fill(ref read),
        Exit = Fill(ref read),
        Side = (TradeSide)read.Byte(),
        Reason = (ExitReason)read.Byte(),
        Ambiguous = read.Bool(),
        ClosedBy = read.Int32() is var end and >= 0 ? (FeedEnd)end : null,
        EntryContext = Context(ref read),
        ExitContext = Context(ref read),
    };

    private Fill Fill(ref BinaryIn read) => new(
        _instruments[read.Int32()], read.Decimal(), read.Decimal(), read.Decimal(), read.Decimal(), read.Decimal(), read.Time());

    private static MarketContext Context(ref BinaryIn read) => new(read.Double(), read.Double(), (Regime)read.Byte());

    private Offer Offer(ref BinaryIn read) => new(_instruments[read.Int32()], read.Decimal(), read.OptionalDecimal(), read.Time());

    private static OpportunityId Id(ref BinaryIn read) => new(read.UInt64(), read.UInt64());

    private static GateResult[] Gates(ref BinaryIn read)
    {
        var gates = new GateResult[read.Int32()];
        for (int i = 0; i < gates.Length; i++) gates[i] = new GateResult((GateState)read.Byte(), read.Double(), read.Double(), read.Text());
        return gates;
    }

    private static ModelRef Ref(ref BinaryIn read) => new(read.Text() ?? "", read.Text() ?? "", read.Int32());
}

/// <summary>A decision as the ledger holds it.</summary>
/// <param name="Decision">What was decided.</param>
/// <param name="Due">The lanes that owe it an outcome.</param>
public sealed record DecisionRecord(Decision Decision, DueLanes Due);

/// <summary>An outcome as the ledger holds it: the decision is named by its id.</summary>
public sealed record OutcomeRecord
{
    /// <summary>The decision it follows.</summary>
    public required OpportunityId Id { get; init; }

    /// <summary>The lane.</summary>
    public required Lane Lane { get; init; }

    /// <summary>Why there is no trade.</summary>
    public MissCode Missed { get; init; }

    /// <summary>In words.</summary>
    public string? Detail { get; init; }

    /// <summary>The trade; null when missed or not a trading lane.</summary>
    public Trade? Trade { get; init; }

    /// <summary>When it was known, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>The outcome of <paramref name="decision"/>.</summary>
    public Outcome Of(Decision decision) => new() { Decision = decision, Lane = Lane, Missed = Missed, Detail = Detail, Trade = Trade, At = At };
}

/// <summary>An assignment as the ledger holds it.</summary>
/// <param name="Model">What judges.</param>
/// <param name="Why">Why.</param>
/// <param name="Share">The share of everything that it judges, 0 to 1.</param>
public sealed record AssignmentRecord(ModelRef Model, string Why, double Share);

/// <summary>A package that was assigned without having been trained in that session.</summary>
/// <param name="Model">Its names.</param>
/// <param name="Package">Its bytes.</param>
public sealed record PackageRecord(ModelRef Model, ReadOnlyMemory<byte> Package);
