using QuadTurbo.Auditor.GateCourt;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

public class CourtTests
{
    private readonly Court _court = new();

    [Fact]
    public void A_gate_that_failed_a_loser_blocked_well_and_one_that_failed_a_winner_badly()
    {
        Follow(0, 3m, GateState.Fail);
        Follow(1, -2m, GateState.Fail);
        Follow(2, -1.5m, GateState.Fail, GateState.Fail);
        Follow(3, 7m);
        Follow(4, -7m, GateState.Unknown);

        GateRecord cost = _court.Gates[0], confidence = _court.Gates[1], spread = _court.Gates[2];
        Assert.Equal((1L, 3L, 1L), (cost.Pass, cost.Fail, cost.Unknown));
        Assert.Equal((2L, 1L, 3.5m, 3m), (cost.Blocked.Good, cost.Blocked.Bad, cost.Blocked.Saved, cost.Blocked.Missed));
        Assert.Equal((2.0 / 3, 0.25), (cost.Accuracy, cost.PassRate));
        Assert.Equal(new BlockTally(1, 0, 1.5m, 0m), confidence.Blocked);
        Assert.Equal((5L, 0L, null, 1.0), (spread.Pass, spread.Judged, spread.Accuracy, spread.PassRate));
    }

    [Fact]
    public void A_trade_that_made_nothing_is_no_winner_and_a_missed_one_says_nothing()
    {
        Follow(0, 0m, GateState.Fail);
        Decision missed = Judged.Decide(1, GateState.Fail);
        _court.Hear(missed);
        _court.Try(missed.Missed(Lane.ShadowSim, MissCode.NoQuote));

        Assert.Equal((2L, new BlockTally(1, 0, 0m, 0m)), (_court.Gates[0].Fail, _court.Gates[0].Blocked));
    }

    [Fact]
    public void A_gate_that_only_advises_is_tried_and_has_blocked_nothing()
    {
        Follow(0, -1m, GateState.Pass, GateState.Pass, GateState.Fail);
        Follow(1, -2m, GateState.Fail, GateState.Pass, GateState.Fail);

        GateRecord cost = _court.Gates[0], spread = _court.Gates[2];
        Assert.Equal((new BlockTally(1, 0, 2m, 0m), default), (cost.Blocked, cost.Advised));
        Assert.Equal((default, new BlockTally(2, 0, 3m, 0m)), (spread.Blocked, spread.Advised));
        Assert.StartsWith("advises only, would have blocked 2 losers and 0 winners: undecided", spread.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_passed_because_validation_is_off_was_not_blocked()
    {
        Decision decision = Judged.Decide(0, GateState.Fail) with { Passed = true };
        _court.Hear(decision);
        _court.Try(decision.Earned(Lane.ShadowSim, -1m));

        Assert.Equal((default, new BlockTally(1, 0, 1m, 0m)), (_court.Gates[0].Blocked, _court.Gates[0].Advised));
    }

    [Theory]
    [InlineData(0, 1, "no blocked trade was filled")]
    [InlineData(19, 1, "undecided: 19 judged blocks, at least 20 are needed")]
    [InlineData(20, 1, "too strict: what it blocks makes money; loosen it")]
    [InlineData(20, -1, "right: what it blocks loses money")]
    public void Twenty_blocks_of_one_sign_decide_a_case(int blocks, int sign, string verdict)
    {
        for (int n = 0; n < blocks; n++) Follow(n, sign * (1m + n % 3), GateState.Fail);
        if (blocks == 0) Follow(0, 1m);

        Assert.Equal(verdict, _court.Gates[0].Verdict);
        Assert.Equal(blocks < 20, _court.Gates[0].BlockedNet is null);
    }

    [Fact]
    public void Blocks_that_win_as_often_as_they_lose_decide_nothing()
    {
        for (int n = 0; n < 400; n++) Follow(n, n % 2 == 0 ? 1m : -1m, GateState.Fail);

        Assert.Equal("undecided: the interval contains 0", _court.Gates[0].Verdict);
        (double mean, double low, double high) = _court.Gates[0].BlockedNet!.Value;
        Assert.Equal(0, mean);

        // The standard error of 400 coins is 0.05.
        Assert.InRange(low, -0.125, -0.075);
        Assert.InRange(high, 0.075, 0.125);
    }

    [Fact]
    public void A_gate_keeps_its_record_from_one_policy_to_the_next()
    {
        Follow(0, -1m, GateState.Fail);
        Decision decision = Judged.Decide(1, GateState.Fail) with { Policy = new GatePolicy([.. Judged.Policy.Gates], "{\"other\":1}") };
        _court.Hear(decision);
        _court.Try(decision.Earned(Lane.ShadowSim, -2m));

        Assert.Equal(3, _court.Gates.Count);
        Assert.Equal((2L, 2L, 3m), (_court.Gates[0].Fail, _court.Gates[0].Blocked.Good, _court.Gates[0].Blocked.Saved));
    }

    [Fact]
    public void Thousands_of_blocks_keep_the_mean_of_all_of_them()
    {
        for (int n = 0; n < 20_000; n++) Follow(n, n % 10, GateState.Fail);

        // A uniform sample of 4,096: five standard errors of 2.87 / 64.
        Assert.InRange(_court.Gates[0].BlockedNet!.Value.Mean, 4.5 - 0.22, 4.5 + 0.22);
        Assert.Equal(20_000, _court.Gates[0].Judged);
    }

    private void Follow(long n, decimal net, params GateState[] states)
    {
        Decision decision = Judged.Decide(n, states);
        _court.Hear(decision);
        _court.Try(decision.Earned(Lane.ShadowSim, net));
    }
}
