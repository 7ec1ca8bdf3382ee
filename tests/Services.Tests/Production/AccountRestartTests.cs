using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Production.Account;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using Outcome = QuadTurbo.Trading.Outcomes.Outcome;

namespace QuadTurbo.Services.Tests.Production;

public class AccountRestartTests
{
    private static readonly GuardSettings Guard = new() { DailyLoss = 20m, ConsecutiveLosses = 4, CoolOff = TimeSpan.FromHours(2) };
    private static readonly GraduationFacts NoFacts = new(0, 0, 0, 0, 0, 0);

    /// <summary>One event: minutes since the last one, what an order would earn (whole USD), and whether the switch is thrown or released.</summary>
    public sealed record Step(int Minutes, int Net, int Switch);

    [Fact]
    public void An_account_restored_from_the_ledger_goes_on_as_if_it_had_never_stopped() =>
        Prop.ForAll(Histories().ToArbitrary(), static history =>
        {
            (Step[] steps, int cut) = history;
            var whole = new Run();
            foreach (Step step in steps) whole.Take(step);

            var before = new Run();
            foreach (Step step in steps.Take(cut)) before.Take(step);
            Run after = before.Restart();
            foreach (Step step in steps.Skip(cut)) after.Take(step);

            return whole.Log.SequenceEqual(after.Log) && Same(whole.Ledger.ToSnapshot(NoFacts), after.Ledger.ToSnapshot(NoFacts));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_ledger_folds_to_one_account_however_its_two_streams_are_interleaved() =>
        Prop.ForAll(Histories().ToArbitrary(), static history =>
        {
            var run = new Run();
            foreach (Step step in history.Steps) run.Take(step);

            var outcomesFirst = new AccountFold();
            foreach (Outcome o in run.Outcomes) outcomesFirst.Apply(o.Net, o.Filled, o.At);
            foreach (AccountChanged c in run.Changes) outcomesFirst.Apply(c);
            var changesFirst = new AccountFold();
            foreach (AccountChanged c in run.Changes) changesFirst.Apply(c);
            foreach (Outcome o in run.Outcomes) changesFirst.Apply(o.Net, o.Filled, o.At);

            AccountSnapshot inOrder = run.Ledger.ToSnapshot(NoFacts);
            return Same(inOrder, outcomesFirst.ToSnapshot(NoFacts)) && Same(inOrder, changesFirst.ToSnapshot(NoFacts));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_limit_passed_in_the_last_record_before_a_crash_trips_at_the_first_event_after_it()
    {
        var ledger = new AccountFold();
        ledger.Apply(-25m, filled: true, Example.Noon);
        TradingAccount account = Example.Account(Guard);
        List<AccountChanged> changes = [];
        account.Restore(ledger.ToSnapshot(NoFacts), changes);

        Assert.Equal(Breaker.DailyLoss, account.Reserve(Example.Gap(1, Example.Noon), changes)?.Breaker);
        Assert.Equal(Breaker.DailyLoss, Assert.Single(changes).What);
    }

    [Fact]
    public void A_kill_switch_thrown_before_the_ledger_is_read_stays_thrown()
    {
        TradingAccount account = Example.Account(Guard);
        account.Kill("seen on the news");
        account.Restore(Example.NewAccount, []);

        Assert.Equal("kill_switch: seen on the news", account.Reserve(Example.Gap(1, Example.Noon), [])?.Detail);
    }

    [Fact]
    public void A_stage_is_announced_when_it_is_reached_and_when_it_is_lost()
    {
        var ready = new GraduationFacts(1000, 100, 90, 100, 95, 500);
        var ledger = new AccountFold();

        foreach ((GraduationFacts facts, string? said) in new[] { (ready, "graduated"), (ready, null), (ready with { SameSign = 1 }, "reset"), (NoFacts, "reset") })
        {
            List<AccountChanged> changes = [];
            Example.Account(Guard).Restore(ledger.ToSnapshot(facts), changes);
            Assert.Equal(said, changes.SingleOrDefault()?.Event);
            foreach (AccountChanged change in changes) ledger.Apply(change);
        }
    }

    private static Gen<(Step[] Steps, int Cut)> Histories()
    {
        Gen<Step> step =
            from tens in Gen.Choose(1, 9) // so that some events fall exactly on the end of a cool-off
            from net in Gen.Choose(-12, 6)
            from thrown in Gen.Choose(0, 30)
            select new Step(10 * tens, net, thrown);
        return
            from steps in step.ArrayOf(60)
            from cut in Gen.Choose(0, 60)
            select (steps, cut);
    }

    private static bool Same(AccountSnapshot a, AccountSnapshot b) =>
        (a.Day, a.NetToday, a.ConsecutiveLosses, a.Production) == (b.Day, b.NetToday, b.ConsecutiveLosses, b.Production)
        && a.Standing.Select(Told).SequenceEqual(b.Standing.Select(Told));

    private static string Told(AccountChanged c) => $"{(c.What == Breaker.KillSwitch ? "" : $"{c.At:O}")} {c.Event} {c.What} {c.Measured} {c.Limit} {c.Why}";

    /// <summary>An account that trades once a step, and the ledger beside it.</summary>
    private sealed class Run
    {
        private readonly TradingAccount _account = Example.Account(Guard);
        private DateTime _now = Example.Noon;
        private long _n;

        public Run() => _account.Restore(Example.NewAccount, []);

        private Run(Run stopped)
        {
            (_now, _n, Log, Outcomes, Changes) = (stopped._now, stopped._n, stopped.Log, stopped.Outcomes, stopped.Changes);
            AccountSnapshot snapshot = stopped.Ledger.ToSnapshot(NoFacts);
            Ledger = new AccountFold(snapshot);
            List<AccountChanged> changes = [];
            _account.Restore(snapshot, changes);
            Assert.Empty(changes);
        }

        public AccountFold Ledger { get; } = new();

        public List<string> Log { get; } = [];

        public List<Outcome> Outcomes { get; } = [];

        public List<AccountChanged> Changes { get; } = [];

        public Run Restart() => new(this);

        public void Take(Step step)
        {
            _now += TimeSpan.FromMinutes(step.Minutes);
            if (step.Switch == 0) Record([_account.Kill("a test")]);
            if (step.Switch is 1 or 2 && _account.AskResume("a test") is { } asked && _account.Resume(asked)) Record([asked.Change]);
            List<AccountChanged> changes = [];
            Opportunity opportunity = Example.Gap(_n++, _now);
            Refusal? refusal = _account.Reserve(opportunity, changes);
            Log.Add($"{opportunity.Id} {refusal?.Detail ?? "sent"}");
            if (refusal is null)
            {
                Outcome outcome = opportunity.Earned(step.Net, _now);
                _account.Settle(outcome, changes);
                Outcomes.Add(outcome);
                Ledger.Apply(outcome.Net, outcome.Filled, outcome.At);
            }
            Record(changes);
        }

        private void Record(List<AccountChanged> changes)
        {
            foreach (AccountChanged change in changes)
            {
                Ledger.Apply(change);
                Changes.Add(change);
                Log.Add(Told(change));
            }
        }
    }
}
