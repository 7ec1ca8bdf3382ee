using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Services.Tests.Auditor.Ledger;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using Outcome = QuadTurbo.Trading.Outcomes.Outcome;

namespace QuadTurbo.Services.Tests.Auditor;

public class RecordTests
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, IncludeFields = true };

    [Fact]
    public void Decisions_and_outcomes_read_back_as_they_were_written() =>
        Prop.ForAll<int>(seed =>
        {
            SeededRandom random = SeededRandom.Stream(seed, "records");
            (Decision Decision, DueLanes Due, Outcome Outcome)[] events = [.. Enumerable.Range(0, 5).Select(_ => Draw(ref random))];
            List<object> read = Through(writer =>
            {
                foreach ((Decision decision, DueLanes due, Outcome outcome) in events)
                {
                    writer.Write(decision, due);
                    writer.Write(outcome);
                }
            });

            string[] expected = [.. events.SelectMany(e => new[] { Text(e.Decision) + e.Due, Text(e.Outcome) })];
            string[] actual = [.. read.Chunk(2).SelectMany(pair =>
            {
                var decided = (DecisionRecord)pair[0];
                return new[] { Text(decided.Decision) + decided.Due, Text(((OutcomeRecord)pair[1]).Of(decided.Decision)) };
            })];
            Assert.Equal(expected, actual);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_declared_once_is_known_to_every_later_record_of_a_session_and_declared_anew_in_the_next()
    {
        var session = new SessionOpened { Session = "s", At = DateTime.UnixEpoch, Version = "1", FeatureSchema = FeatureSchema.Hash, Preset = null, Seed = 42 };
        Decision first = Judged.Decide(0), second = Judged.Decide(1, GateState.Fail) with { Policy = new GatePolicy([.. Judged.Policy.Gates], "{\"x\":1}") };

        List<object> read = Through(writer =>
        {
            writer.Write(session);
            writer.Write(first, DueLanes.Shadow);
            writer.Write(second, DueLanes.None);
            writer.Write(session with { Session = "t" });
            writer.Write(second, DueLanes.Production);
            writer.Write(first, DueLanes.Training);
        });

        Assert.Equal([session, session with { Session = "t" }], read.OfType<SessionOpened>());
        Assert.Equal([Text(first), Text(second), Text(second), Text(first)], read.OfType<DecisionRecord>().Select(d => Text(d.Decision)));
        DecisionRecord[] decided = [.. read.OfType<DecisionRecord>()];
        Assert.Same(decided[0].Decision.Model, decided[1].Decision.Model);
        Assert.Same(decided[2].Decision.Model, decided[3].Decision.Model);
    }

    [Fact]
    public void Models_assignments_reports_and_changes_of_the_account_read_back()
    {
        var trained = new ModelTrained
        {
            Model = new ModelRef("sha256:0", "v0.1.12", 12),
            Package = new byte[] { 1, 2, 3 },
            Trigger = "samples",
            Samples = 1_203,
            Accuracy = 0.8234,
            Auc = double.NaN,
            LogLoss = 0.6,
            BaselineLogLoss = 0.7,
            KnownAt = DateTime.UnixEpoch,
        };
        var change = new AccountChanged { Event = "tripped", What = "daily_loss", Measured = double.NaN, Limit = 100, Why = "größer", At = DateTime.UnixEpoch };
        var report = new FeedReport { Feed = "f", Session = "s", Rows = 9, TreatAs = new Dictionary<string, string> { ["USDT"] = "USD" }, From = DateTime.UnixEpoch, Ended = true };

        List<object> read = Through(writer =>
        {
            writer.Write(trained);
            writer.Write(new ModelAssigned { Model = trained.Model, Package = trained.Package, Why = "better" });
            writer.Write(report);
            writer.Write(change);
        });

        Assert.Equal([1, 2, 3], ((ModelTrained)read[0]).Package.ToArray());
        Assert.Equal(Text(trained), Text((ModelTrained)read[0]));
        Assert.Equal(new AssignmentRecord(trained.Model, "better", ModelAssigned.All), read[1]);
        Assert.Equal(Text(report), Text((FeedReport)read[2]));
        Assert.Equal(change, read[3]);
    }

    [Fact]
    public void A_model_from_elsewhere_is_kept_with_its_bytes_before_it_judges_and_only_once()
    {
        var assigned = new ModelAssigned { Model = new ModelRef("sha256:1", "v2.0.0", 40), Package = new byte[] { 4, 5 }, Why = "imported", Share = 0.2 };

        List<object> read = Through(writer =>
        {
            writer.Write(assigned);
            writer.Write(assigned with { Share = 0 });
        });

        Assert.Equal([4, 5], Assert.IsType<PackageRecord>(read[0]).Package.ToArray());
        Assert.Equal([new AssignmentRecord(assigned.Model, "imported", 0.2), new AssignmentRecord(assigned.Model, "imported", 0)], read[1..]);
    }

    [Fact]
    public void A_record_of_another_version_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => new RecordReader().Read(new LedgerEntry(3, 99, new byte[8], default)));
        Assert.Throws<InvalidDataException>(() => new RecordReader().Read(new LedgerEntry(3, (ushort)RecordKind.Outcome, new byte[8], default)));
    }

    private static List<object> Through(Action<RecordWriter> write)
    {
        using var ledger = new TemporaryLedger();
        using (LedgerWriter writer = ledger.Open())
        {
            write(new RecordWriter(writer));
            writer.Flush();
        }
        var reader = new RecordReader();
        return [.. LedgerReader.Open(ledger.Path).Read().Select(entry => reader.Read(entry)).OfType<object>()];
    }

    /// <summary>Everything that is public of a value, features included, to the bit.</summary>
    private static string Text<T>(T value) => value switch
    {
        Decision decision => JsonSerializer.Serialize(decision, Json) + string.Join(' ', decision.Opportunity.ReadFeatures().ToArray()),
        Outcome outcome => JsonSerializer.Serialize(outcome with { Decision = Judged.Decide(0) }, Json) + outcome.Id,
        _ => JsonSerializer.Serialize(value, Json),
    };

    private static (Decision Decision, DueLanes Due, Outcome Outcome) Draw(ref SeededRandom random)
    {
        var instruments = new InstrumentTable();
        for (int i = 0; i < 70; i++) instruments.Get($"V{i}", "BTC-USDT");
        Instrument buy = instruments.All[random.NextInt(70)], sell = instruments.All[random.NextInt(70)];
        FeatureVector features = FeatureVector.Unknown;
        for (int f = 0; f < FeatureSchema.Count; f++)
            if (random.NextInt(3) > 0) features[f] = (float)random.NextNormal();
        var opportunity = new Opportunity
        {
            Id = new OpportunityId(random.NextBits(), random.NextBits()),
            Position = (long)random.NextBits(),
            KnownAt = Time(ref random),
            Timing = (FeedTiming)random.NextInt(2),
            Kind = (OpportunityKind)random.NextInt(2),
            Mode = (TradeMode)random.NextInt(3),
            Side = (TradeSide)random.NextInt(2),
            Buy = new Offer(buy, Money(ref random), Perhaps(ref random), Time(ref random)),
            Sell = new Offer(sell, Money(ref random), Perhaps(ref random), Time(ref random)),
            Quantity = Money(ref random),
            Size = (SizeKnowledge)random.NextInt(3),
            GrossEdgeBps = Number(ref random),
            FeeBps = Number(ref random),
            ExpectedProfit = Money(ref random),
            NetPositive = random.NextInt(2) == 0,
            GasCost = Money(ref random),
            Hops = random.NextInt(100),
            Barriers = random.NextInt(2) == 0 ? null : new Barriers(Number(ref random), Number(ref random), TimeSpan.FromTicks(random.NextInt(int.MaxValue))),
            Confidence = Number(ref random),
            Regime = (Regime)random.NextInt(4),
            SpreadBps = Number(ref random),
            VolumeRatio = Number(ref random),
            Features = features,
            Submitted = random.NextInt(2) == 0,
        };
        var gates = new GateResult[Judged.Policy.Gates.Count];
        for (int i = 0; i < gates.Length; i++) gates[i] = new GateResult((GateState)random.NextInt(3), Number(ref random), Number(ref random), random.NextInt(2) == 0 ? null : "wörds");
        var decision = new Decision
        {
            Opportunity = opportunity,
            Passed = random.NextInt(2) == 0,
            Gates = gates,
            Policy = Judged.Policy,
            Score = Number(ref random),
            MetaLabel = Number(ref random),
            Model = new ModelRef($"sha256:{random.NextInt(3)}", "v0.1.0", 0),
            Ordinal = random.NextInt(1000),
        };
        var outcome = new Outcome
        {
            Decision = decision,
            Lane = (Lane)(1 + random.NextInt(3)),
            Missed = (MissCode)random.NextInt(7),
            Detail = random.NextInt(2) == 0 ? null : "détail",
            At = Time(ref random),
            Trade = random.NextInt(3) == 0 ? null : new Trade
            {
                Entry = FillOf(buy, ref random),
                Exit = FillOf(sell, ref random),
                Side = (TradeSide)random.NextInt(2),
                Reason = (ExitReason)random.NextInt(4),
                Ambiguous = random.NextInt(2) == 0,
                ClosedBy = random.NextInt(3) is var end and < 2 ? (FeedEnd)end : null,
                EntryContext = new MarketContext(Number(ref random), Number(ref random), (Regime)random.NextInt(4)),
                ExitContext = new MarketContext(Number(ref random), Number(ref random), (Regime)random.NextInt(4)),
            },
        };
        return (decision, (DueLanes)random.NextInt(8), outcome);
    }

    private static Fill FillOf(Instrument instrument, ref SeededRandom random) =>
        new(instrument, Money(ref random), Money(ref random), Money(ref random), Money(ref random), Money(ref random), Time(ref random));

    private static decimal Money(ref SeededRandom random) => new(1 + random.NextInt(1_000_000), 0, 0, isNegative: false, (byte)random.NextInt(5));

    private static decimal? Perhaps(ref SeededRandom random) => random.NextInt(3) == 0 ? null : Money(ref random) + 1m;

    private static double Number(ref SeededRandom random) => random.NextInt(4) == 0 ? double.NaN : random.NextNormal();

    private static DateTime Time(ref SeededRandom random) => DateTime.UnixEpoch.AddTicks((long)(random.NextBits() >> 8));
}
