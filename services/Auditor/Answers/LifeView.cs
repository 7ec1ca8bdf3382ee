using QuadTurbo.Auditor.Projections;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Auditor.Reports;
using QuadTurbo.Auditor.Stories;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor.Answers;

/// <summary>A decision's story as the API tells it; what is not known is absent.</summary>
internal static class LifeView
{
    private const decimal Bps = 1e-4m;

    /// <summary>Everything; <paramref name="parts"/> is null where the model cannot tell, or in a list, which leaves the fills out too.</summary>
    public static OpportunityLife Of(DecisionStory story, Contributions? parts, bool fills)
    {
        Decision decision = story.Decision;
        Opportunity o = decision.Opportunity;
        string id = decision.Id.ToString();
        return new OpportunityLife
        {
            Id = id,
            At = Words.Instant(o.KnownAt),
            Symbol = o.Market,
            Kind = Words.Kind(o.Kind),
            Venues = Words.Venues(o.Kind, o.Buy.Instrument.Venue, o.Sell.Instrument.Venue),
            Mode = Words.Mode(o.Mode),
            Side = Words.Side(o.Side),
            GrossBps = Words.Known(o.GrossEdgeBps),
            NetBps = Words.Known(o.NetEdgeBps),
            Score = Words.Known(decision.Score),
            Passed = decision.Passed,
            Reasons = decision.Passed ? [] : [.. decision.Reasons],
            Model = decision.Model.Label,
            Production = Result(story, Lane.Production),
            Shadow = Result(story, Lane.ShadowSim),
            Position = Words.Whole(o.Position),
            Record = Words.Whole(story.Sequence),
            TraceId = id,
            Submitted = o.Submitted,
            Regime = Names.Snake(o.Regime.ToString()),
            Route = StoryText.What(o),
            Expected = Expected(o),
            Gates = [.. GateReading.Of(decision).Select(g => Gate(g, decision.Policy))],
            Features = Features(o, parts),
            ContributionBase = parts?.Base,
            ModelDetail = Words.Model(decision.Model),
            MetaLabel = Words.Known(decision.MetaLabel),
            NearestChange = NearestChange.Of(decision) is { Count: > 0 } lines ? string.Join('\n', lines.Select(l => l.Trim())) : null,
            Outcomes = new OutcomesView
            {
                Production = Trade(story, Lane.Production, fills),
                ShadowSim = Trade(story, Lane.ShadowSim, fills),
                Training = Training(story),
            },
            Twin = Twin(story),
        };
    }

    private static ExpectedView Expected(Opportunity o)
    {
        bool sized = o.Size != SizeKnowledge.Refused && o.Quantity > 0m;
        decimal notional = o.Buy.Price * o.Quantity;
        decimal? fees = sized && double.IsFinite(o.FeeBps) ? notional * (decimal)o.FeeBps * Bps : null;
        return new ExpectedView
        {
            Gross = fees is { } f ? Words.Money(o.ExpectedProfit + f) : null,
            Fees = fees is { } cost ? Words.Money(cost) : null,
            Net = sized ? Words.Money(o.ExpectedProfit) : null,
            Gas = o.GasCost > 0m ? Words.Money(o.GasCost) : null,
            Size = sized ? Words.Money(o.Quantity) : null,
            Currency = Currency.Of(o.Market),
        };
    }

    private static GateView Gate(GateReading gate, GatePolicy policy) => new()
    {
        Name = gate.Definition.Name,
        State = Names.Snake(gate.Result.State.ToString()),
        Binds = gate.Binds,
        Value = Words.Known(gate.Result.Measured),
        Limit = Words.Known(gate.Result.Limit),
        LimitText = Words.ListOf(gate.Definition, policy),
        Comparison = gate.Sign,
        Unit = Words.Unit(gate.Definition),
        Measures = gate.Definition.Measures,
        Reason = gate.Result.State == GateState.Fail ? gate.Definition.ReasonOf(gate.Result) : null,
    };

    private static FeatureView[] Features(Opportunity o, Contributions? parts)
    {
        ReadOnlySpan<float> row = o.ReadFeatures();
        var features = new FeatureView[FeatureSchema.Count];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = new FeatureView
            {
                Name = FeatureSchema.Columns[i].Name,
                Unit = FeatureSchema.Columns[i].Unit,
                Value = Words.Known(row[i]),
                Contribution = parts?.Parts[i],
            };
        }
        return features;
    }

    private static LaneResult? Result(DecisionStory story, Lane lane) =>
        Trade(story, lane, fills: false) is { } life
            ? new LaneResult
            {
                State = life.State,
                Result = life.Result,
                Net = life.Net,
                NetBps = life.NetBps,
                Currency = life.Currency,
                Missed = life.Missed,
                Detail = life.Detail,
            }
            : null;

    private static TradeLife? Trade(DecisionStory story, Lane lane, bool fills)
    {
        if (!story.Due.HasFlag(lane.AsDue())) return null;
        if (story.OutcomeOf(lane) is not { } outcome) return new TradeLife { State = "open", Fills = [] };
        string at = Words.Instant(outcome.At);
        if (outcome.Trade is not { } trade)
            return new TradeLife { State = "missed", Missed = Names.Snake(outcome.Missed.ToString()), Detail = outcome.Detail, At = at, Fills = [] };
        return new TradeLife
        {
            State = "filled",
            Result = DecisionTable.Code(trade).ToString().ToLowerInvariant(),
            Net = Words.Money(trade.Net),
            NetBps = trade.NetBps,
            Currency = Currency.Of(story.Decision.Opportunity.Market),
            At = at,
            Side = Words.Side(trade.Side),
            Quantity = Words.Money(trade.Quantity),
            Gross = Words.Money(trade.Gross),
            Fees = Words.Money(trade.Fees),
            ExitReason = Names.Snake(trade.Reason.ToString()),
            DurationS = trade.Duration.TotalSeconds,
            Fills = fills ? [Fill(trade.Entry), Fill(trade.Exit)] : [],
        };
    }

    private static FillView Fill(in Fill fill) => new()
    {
        At = Words.Instant(fill.At),
        Venue = fill.Instrument.Venue,
        Symbol = fill.Instrument.Symbol,
        Observed = Words.Money(fill.Observed),
        Quoted = Words.Money(fill.Quoted),
        Price = Words.Money(fill.Price),
        Quantity = Words.Money(fill.Quantity),
        Fee = Words.Money(fill.Fee),
    };

    private static TrainingState? Training(DecisionStory story)
    {
        if (!story.Due.HasFlag(DueLanes.Training)) return null;
        return story.OutcomeOf(Lane.Training) is { } outcome
            ? new TrainingState { State = outcome.Missed == MissCode.None ? "recorded" : "missed", At = Words.Instant(outcome.At) }
            : new TrainingState { State = "open" };
    }

    private static TwinGap? Twin(DecisionStory story) => story.Gap is not { } gap ? null : new TwinGap
    {
        Gap = Words.Money(gap.Total),
        Causes = Words.Causes(gap.ByName),
        Unexplained = Words.Money(gap.Unexplained),
        Currency = Currency.Of(story.Decision.Opportunity.Market),
    };
}
