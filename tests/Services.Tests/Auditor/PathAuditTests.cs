using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

public sealed class PathAuditTests : IDisposable
{
    private const DueLanes All = DueLanes.Production | DueLanes.Shadow | DueLanes.Training;

    private readonly PathAudit _audit = new();

    public PathAuditTests() => _audit.Apply(new SessionOpened { Session = "s", At = Example.Noon, Version = "1", FeatureSchema = "0" });

    public void Dispose() => _audit.Dispose();

    [Fact]
    public void What_is_owed_is_open_while_the_market_goes_on_missing_after_it_and_settled_by_its_outcome()
    {
        Decision passed = Judged.Decide(0), refused = Judged.Decide(1, GateState.Fail);
        _audit.Apply(passed, All);
        _audit.Apply(refused, DueLanes.Shadow | DueLanes.Training);
        Assert.Equal(new Conservation(2, 2, 5, 0, Open: 5), _audit.Conservation);
        Assert.Equal(0, _audit.Conservation.Missing);
        _audit.Apply(new FeedReport { Feed = "f", Session = "s", Detected = 2, Ended = true });
        Assert.Equal(new Conservation(2, 2, 5, 0), _audit.Conservation);
        Assert.Equal(5, _audit.Conservation.Missing);

        _audit.Apply(passed.Earned(Lane.ShadowSim, 1m));
        _audit.Apply(passed.Recorded());
        _audit.Apply(refused.Missed(Lane.ShadowSim, MissCode.NoQuote));
        _audit.Apply(refused.Recorded());
        Assert.Equal((1L, 1), (_audit.Conservation.Missing, _audit.InFlight));
        Assert.Equal([(passed.Id, Lane.Production)], _audit.Owed.Select(o => (o.Decision.Id, o.Lane)));
        _audit.Apply(passed.Missed(Lane.Production, MissCode.Guard));

        Assert.Equal((0L, 0), (_audit.Conservation.Missing, _audit.InFlight));
        Assert.Empty(_audit.Owed);
    }

    [Fact]
    public void A_place_in_feed_order_is_one_of_its_session_and_a_session_that_goes_on_keeps_it()
    {
        Decision first = Judged.Decide(7), next = Judged.Decide(8);
        _audit.Apply(first, DueLanes.None);
        Assert.Equal((true, false), (_audit.Heard(first), _audit.Heard(next)));

        _audit.Apply(new SessionOpened { Session = "s", At = Example.Noon, Version = "1", FeatureSchema = "0" });
        Assert.True(_audit.Heard(first), "the same session goes on");
        _audit.Apply(new SessionOpened { Session = "another", At = Example.Noon, Version = "1", FeatureSchema = "0" });

        Assert.False(_audit.Heard(first), "positions begin anew");
    }

    [Fact]
    public void After_a_restart_champion_and_challenger_judge_what_they_judged_before()
    {
        ModelRef champion = new("sha256:1", "v1.0.0", 1), challenger = new("sha256:2", "v1.0.1", 2);
        foreach (ModelRef model in new[] { champion, challenger }) _audit.Apply(new PackageRecord(model, new byte[] { (byte)model.Ordinal }));

        _audit.Apply(new AssignmentRecord(champion, "better", ModelAssigned.All));
        _audit.Apply(new AssignmentRecord(challenger, "newer", 0.2));

        Assert.Equal((champion, ModelAssigned.All, 1), Said(_audit.LastServing));
        Assert.Equal((challenger, 0.2, 2), Said(_audit.LastChallenger));
        _audit.Apply(new AssignmentRecord(challenger, "worse", 0));
        Assert.Equal((champion, null), (_audit.LastServing?.Model, _audit.LastChallenger));
        _audit.Apply(new AssignmentRecord(challenger, "after all", ModelAssigned.All));
        Assert.Equal((challenger, null), (_audit.LastServing?.Model, _audit.LastChallenger));
    }

    private static (ModelRef, double, int) Said(ModelAssigned? assigned) =>
        assigned is null ? throw new InvalidOperationException("nothing judges") : (assigned.Model, assigned.Share, assigned.Package.Span[0]);

    [Fact]
    public void An_opportunity_that_was_detected_and_never_judged_is_missing_once_the_feed_has_ended()
    {
        _audit.Apply(Judged.Decide(0), DueLanes.None);
        var report = new FeedReport { Feed = "f", Session = "s", Detected = 3 };

        _audit.Apply(report);
        Assert.Equal(0, _audit.Conservation.Missing);
        _audit.Apply(report with { Ended = true });

        Assert.Equal(2, _audit.Conservation.Missing);
        _audit.Apply(Judged.Decide(1), DueLanes.None);
        _audit.Apply(Judged.Decide(2), DueLanes.None);
        Assert.Equal(0, _audit.Conservation.Missing);
    }

    [Fact]
    public void A_submission_counts_for_itself_and_is_no_part_of_the_feeds_hash()
    {
        string before = _audit.DecisionHash;
        Decision submitted = Judged.Decide(0) with { Opportunity = Example.Gap(0, Example.Noon) with { Submitted = true } };
        _audit.Apply(submitted, DueLanes.None);
        _audit.Apply(new FeedReport { Feed = "f", Session = "s", Detected = 0, Ended = true });

        Assert.Equal(new Conservation(1, 1, 0, 0), _audit.Conservation);
        Assert.Equal(before, _audit.DecisionHash);
        Assert.Empty(_audit.Symbols);
    }

    [Fact]
    public void Earlier_runs_stay_accounted_for()
    {
        _audit.Apply(Judged.Decide(0), DueLanes.None);
        _audit.Apply(new FeedReport { Feed = "f", Session = "s", Detected = 1, Ended = true });
        _audit.Apply(new SessionOpened { Session = "t", At = Example.Noon, Version = "1", FeatureSchema = "0" });
        _audit.Apply(Judged.Decide(1), DueLanes.None);

        Assert.Equal(new Conservation(2, 2, 0, 0), _audit.Conservation);
    }

    [Fact]
    public void An_outcome_is_given_once_and_only_by_a_lane_that_owes_it()
    {
        Decision decision = Judged.Decide(0);
        _audit.Apply(decision, DueLanes.Shadow | DueLanes.Training);
        _audit.Apply(decision.Earned(Lane.ShadowSim, 1m));

        Assert.Equal(
            $"ShadowSim gave an outcome for {decision.Id} that it does not owe",
            Assert.Throws<InvalidOperationException>(() => _audit.Apply(decision.Earned(Lane.ShadowSim, 1m))).Message);
        Assert.Throws<InvalidOperationException>(() => _audit.Apply(decision.Earned(Lane.Production, 1m)));
        Assert.Throws<InvalidOperationException>(() => _audit.Apply(Judged.Decide(1).Recorded()));
        Assert.Equal((1L, 1m), (_audit.Shadow.Processed, _audit.Shadow.Profit.Base));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_twin_is_complete_when_both_sides_are_known_in_whichever_order(bool shadowFirst)
    {
        Decision decision = Judged.Decide(0);
        _audit.Apply(decision, All);
        Outcome production = decision.Earned(Lane.Production, 3m), shadow = decision.Earned(Lane.ShadowSim, 5m);

        Assert.Null(_audit.Apply(shadowFirst ? shadow : production));
        Twin? twin = _audit.Apply(shadowFirst ? production : shadow);
        Assert.Null(_audit.Apply(decision.Recorded()));

        Assert.Equal((production, shadow, -2m), (twin!.Production, twin.Shadow, twin.Gap.Total));
        Assert.Equal((1L, 1L, 1L, 2m, -2m), (_audit.Twins.Total, _audit.Twins.BothFilled, _audit.Twins.SameSign, _audit.Twins.AverageDiscrepancy, _audit.Twins.Gap));
        Assert.Equal((1L, 1L), (_audit.Labelled, _audit.LabelledByProduction));
    }

    [Fact]
    public void Discrepancies_do_not_cancel_and_signs_are_compared()
    {
        foreach ((int n, decimal production, decimal? shadow) in new[] { (0, 3m, (decimal?)5m), (1, 5m, 3m), (2, 1m, -1m), (3, -1m, -2m), (4, 4m, null) })
        {
            Decision decision = Judged.Decide(n);
            _audit.Apply(decision, DueLanes.Production | DueLanes.Shadow);
            _audit.Apply(decision.Earned(Lane.Production, production));
            _audit.Apply(shadow is { } net ? decision.Earned(Lane.ShadowSim, net) : decision.Missed(Lane.ShadowSim, MissCode.NoQuote));
        }

        // |−2| + 2 + 2 + 1 + 4 over 5; −2 + 2 + 2 + 1 + 4.
        Assert.Equal((5L, 4L, 3L, 2.2m, 7m), (_audit.Twins.Total, _audit.Twins.BothFilled, _audit.Twins.SameSign, _audit.Twins.AverageDiscrepancy, _audit.Twins.Gap));
        Assert.Equal(4m, _audit.Twins.Causes.Missed);
        Assert.Equal(7m, _audit.Twins.Causes.Total);
    }

    [Fact]
    public void Lanes_and_symbols_count_what_became_of_everything()
    {
        Follow(Judged.Decide(0), 2m);
        Follow(Judged.Decide(1), -1m);
        Follow(Judged.Decide(2, GateState.Fail), 4m);
        Follow(Judged.Decide(3), null);
        Decision grossOnly = Judged.Decide(4, GateState.Fail);
        Follow(grossOnly with { Opportunity = grossOnly.Opportunity with { NetPositive = false } }, -3m);

        Assert.Equal((5L, 2L, 1L, 2m), (_audit.Shadow.Processed, _audit.Shadow.Success, _audit.Shadow.Missed, _audit.Shadow.Profit.Base));
        Assert.Equal((3L, 1m, 2L, 1m), (_audit.ShadowPassed.Processed, _audit.ShadowPassed.Profit.Base, _audit.ShadowBlocked.Processed, _audit.ShadowBlocked.Profit.Base));
        Assert.Equal((0.5, 0.4), (_audit.Shadow.WinRate, _audit.Shadow.SuccessRate));
        Assert.Equal(1, _audit.Shadow.MissedBy[MissCode.NoQuote]);
        SymbolTally symbol = _audit.Symbols["BTC-USD"];
        Assert.Equal((5L, 4L, 2L, 1L, 1L), (symbol.GrossPositive, symbol.NetPositive, symbol.Wins, symbol.Losses, symbol.Missed));
        Assert.Equal((5L, 3L, 4L, 3L), (_audit.Judged, _audit.Passed, _audit.NetPositive, _audit.NetPositivePassed));
    }

    [Fact]
    public void Profit_of_an_unknown_rate_is_listed_and_left_out_of_the_sum()
    {
        Follow(Judged.Decide(0), 2m);
        Follow(Judged.Decide(1).Of(new InstrumentTable().Get("A", "BTC-USDT")), 5m);

        Assert.Equal(2m, _audit.Shadow.Profit.Base);
        Assert.Equal([("USD", 2m), ("USDT", 5m)], _audit.Shadow.Profit.All.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, m.Value)));
    }

    private void Follow(Decision decision, decimal? net)
    {
        _audit.Apply(decision, DueLanes.Shadow);
        _audit.Apply(net is { } made ? decision.Earned(Lane.ShadowSim, made) : decision.Missed(Lane.ShadowSim, MissCode.NoQuote));
    }
}
