using System.Text.Json;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Auditor.Records;

/// <summary>Puts the platform's events into the ledger, in a form from which every decision can be computed again.</summary>
/// <remarks>Instruments, policies and the names of models are written once a session, before the first record that names them by number. Single writer.</remarks>
public sealed class RecordWriter(LedgerWriter ledger)
{
    private readonly BinaryOut _out = new();
    private readonly Dictionary<GatePolicy, int> _policies = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ModelRef, int> _models = new(ReferenceEqualityComparer.Instance);
    private readonly RecentPackages _packages = new();
    private bool[] _instruments = new bool[64];

    /// <summary>Opens a session: numbers of instruments and policies start again.</summary>
    public void Write(SessionOpened session)
    {
        _policies.Clear();
        _models.Clear();
        _packages.Clear();
        _instruments.AsSpan().Clear();
        Json(RecordKind.SessionOpened, session);
    }

    /// <summary>Writes what a feed was.</summary>
    public void Write(FeedReport report) => Json(RecordKind.Feed, report);

    /// <summary>Writes a change of the account.</summary>
    public void Write(AccountChanged change) => Json(RecordKind.Account, change);

    /// <summary>Writes a model with its bytes.</summary>
    public void Write(ModelTrained trained)
    {
        _out.Clear();
        Ref(trained.Model);
        _out.Text(trained.Trigger);
        _out.Int64(trained.Samples);
        _out.Double(trained.Accuracy);
        _out.Double(trained.Auc);
        _out.Double(trained.LogLoss);
        _out.Double(trained.BaselineLogLoss);
        _out.Time(trained.KnownAt);
        _out.Bytes(trained.Package.Span);
        ledger.Append((ushort)RecordKind.Model, _out.Written);
        _packages.Add(trained.Model.Id, trained.Package);
    }

    /// <summary>Writes what a model judges, and its bytes before that if this session has not just trained it.</summary>
    public void Write(ModelAssigned assigned)
    {
        if (!_packages.TryFind(assigned.Model.Id, out _))
        {
            _out.Clear();
            Ref(assigned.Model);
            _out.Bytes(assigned.Package.Span);
            ledger.Append((ushort)RecordKind.Package, _out.Written);
            _packages.Add(assigned.Model.Id, assigned.Package);
        }
        _out.Clear();
        Ref(assigned.Model);
        _out.Text(assigned.Why);
        _out.Double(assigned.Share);
        ledger.Append((ushort)RecordKind.Assignment, _out.Written);
    }

    /// <summary>Writes a decision and the lanes that owe it an outcome; returns its sequence.</summary>
    public long Write(Decision decision, DueLanes due)
    {
        Opportunity o = decision.Opportunity;
        int policy = PolicyNumber(decision.Policy);
        int model = ModelNumber(decision.Model);
        Declare(o.Buy.Instrument);
        Declare(o.Sell.Instrument);
        _out.Clear();
        Id(o.Id);
        _out.Int64(o.Position);
        _out.Time(o.KnownAt);
        _out.Byte((byte)o.Timing);
        _out.Byte((byte)o.Kind);
        _out.Byte((byte)o.Mode);
        _out.Byte((byte)o.Side);
        _out.Byte((byte)o.Size);
        _out.Byte((byte)o.Regime);
        _out.Bool(o.NetPositive);
        _out.Bool(o.Submitted);
        Offer(o.Buy);
        Offer(o.Sell);
        _out.Decimal(o.Quantity);
        _out.Decimal(o.ExpectedProfit);
        _out.Decimal(o.GasCost);
        _out.Int32(o.Hops);
        _out.Double(o.GrossEdgeBps);
        _out.Double(o.FeeBps);
        _out.Double(o.Confidence);
        _out.Double(o.SpreadBps);
        _out.Double(o.VolumeRatio);
        Barriers(o.Barriers);
        _out.Floats(o.ReadFeatures());
        _out.Bool(decision.Passed);
        _out.Double(decision.Score);
        _out.Double(decision.MetaLabel);
        _out.Int32(decision.Ordinal);
        _out.Byte((byte)due);
        _out.Int32(model);
        _out.Int32(policy);
        Gates(decision.Gates.Span);
        return ledger.Append((ushort)RecordKind.Decision, _out.Written);
    }

    /// <summary>Writes an outcome.</summary>
    public void Write(Outcome outcome)
    {
        if (outcome.Trade is { } named)
        {
            Declare(named.Entry.Instrument);
            Declare(named.Exit.Instrument);
        }
        _out.Clear();
        Id(outcome.Id);
        _out.Byte((byte)outcome.Lane);
        _out.Byte((byte)outcome.Missed);
        _out.Time(outcome.At);
        _out.Text(outcome.Detail);
        _out.Bool(outcome.Trade is not null);
        if (outcome.Trade is { } trade) Trade(trade);
        ledger.Append((ushort)RecordKind.Outcome, _out.Written);
    }

    /// <summary>Writes that lane 3 recorded all of <paramref name="outcomes"/>: one record, since they say nothing but that.</summary>
    public void WriteRecorded(ReadOnlySpan<Outcome> outcomes)
    {
        _out.Clear();
        _out.Int32(outcomes.Length);
        foreach (Outcome outcome in outcomes)
        {
            Id(outcome.Id);
            _out.Time(outcome.At);
        }
        ledger.Append((ushort)RecordKind.Recorded, _out.Written);
    }

    private void Json<T>(RecordKind kind, T value) => ledger.Append((ushort)kind, JsonSerializer.SerializeToUtf8Bytes(value, RecordJson.Options));

    private int PolicyNumber(GatePolicy policy)
    {
        if (_policies.TryGetValue(policy, out int number)) return number;
        Json(RecordKind.Policy, policy);
        return _policies[policy] = _policies.Count;
    }

    private int ModelNumber(ModelRef model)
    {
        if (_models.TryGetValue(model, out int number)) return number;
        Json(RecordKind.ModelName, model);
        return _models[model] = _models.Count;
    }

    private void Declare(Instrument instrument)
    {
        if (instrument.Index >= _instruments.Length) Array.Resize(ref _instruments, Math.Max(instrument.Index + 1, _instruments.Length * 2));
        if (_instruments[instrument.Index]) return;
        _instruments[instrument.Index] = true;
        Json(RecordKind.Instrument, instrument);
    }

    private void Id(OpportunityId id)
    {
        _out.UInt64(id.High);
        _out.UInt64(id.Low);
    }

    private void Ref(ModelRef model)
    {
        _out.Text(model.Id);
        _out.Text(model.Label);
        _out.Int32(model.Ordinal);
    }

    private void Offer(in Offer offer)
    {
        _out.Int32(offer.Instrument.Index);
        _out.Decimal(offer.Price);
        _out.OptionalDecimal(offer.Size);
        _out.Time(offer.QuotedAt);
    }

    private void Barriers(Barriers? barriers)
    {
        _out.Bool(barriers is not null);
        if (barriers is null) return;
        _out.Double(barriers.TakeProfitBps);
        _out.Double(barriers.StopLossBps);
        _out.Int64(barriers.Timeout.Ticks);
    }

    private void Gates(ReadOnlySpan<GateResult> gates)
    {
        _out.Int32(gates.Length);
        foreach (ref readonly GateResult gate in gates)
        {
            _out.Byte((byte)gate.State);
            _out.Double(gate.Measured);
            _out.Double(gate.Limit);
            _out.Text(gate.Reason);
        }
    }

    private void Trade(Trade trade)
    {
        Fill(trade.Entry);
        Fill(trade.Exit);
        _out.Byte((byte)trade.Side);
        _out.Byte((byte)trade.Reason);
        _out.Bool(trade.Ambiguous);
        _out.Int32(trade.ClosedBy is { } end ? (int)end : -1);
        Context(trade.EntryContext);
        Context(trade.ExitContext);
    }

    private void Fill(in Fill fill)
    {
        _out.Int32(fill.Instrument.Index);
        _out.Decimal(fill.Observed);
        _out.Decimal(fill.Quoted);
        _out.Decimal(fill.Price);
        _out.Decimal(fill.Quantity);
        _out.Decimal(fill.FeeRate);
        _out.Time(fill.At);
    }

    private void Context(in MarketContext context)
    {
        _out.Double(context.SpreadBps);
        _out.Double(context.VolatilityBps);
        _out.Byte((byte)context.Regime);
    }
}
