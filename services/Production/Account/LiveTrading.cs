using QuadTurbo.Hosting.Platform;

namespace QuadTurbo.Production.Account;

/// <summary>What a deployment is for.</summary>
public enum Role
{
    /// <summary>Every lane.</summary>
    AllInOne,

    /// <summary>Learns; the production lane is not composed in.</summary>
    Learner,

    /// <summary>Trades; the training lane is not composed in.</summary>
    Trader,
}

/// <summary>Whether orders may go to a real venue.</summary>
public static class LiveTrading
{
    /// <summary>
    /// Every reason against live trading, each with what was measured and its limit. Never empty in this version, as there is no live venue; paper needs
    /// none of this.
    /// </summary>
    /// <param name="role">What this deployment is for.</param>
    /// <param name="live">Whether <c>--live</c> was given.</param>
    /// <param name="execute">Whether <c>--execute</c> was given.</param>
    /// <param name="lanes">Which lanes run.</param>
    /// <param name="guard">The account's limits.</param>
    /// <param name="guardHealthy">Whether the account is restored and nothing stops it.</param>
    /// <param name="graduation">The verdict on the ledger's facts.</param>
    public static IReadOnlyList<string> Refusals(
        Role role, bool live, bool execute, LaneSettings lanes, GuardSettings guard, bool guardHealthy, GraduationVerdict graduation)
    {
        List<string> reasons = [];
        if (role == Role.Learner) reasons.Add("role is learner; live trading needs trader or all-in-one");
        if (!live) reasons.Add("--live is not given; live trading needs --live --execute");
        if (!execute) reasons.Add("--execute is not given; live trading needs --live --execute");
        if (!lanes.EnableProduction) reasons.Add("lanes.enableProduction is false; live trading needs the production lane");
        if (!lanes.EnablePrevalidation) reasons.Add("lanes.enablePrevalidation is false; it cannot be bypassed while production is on");
        reasons.AddRange(guard.SwitchedOff.Select(static breaker => $"guard: {breaker} is switched off (limit 0); no breaker may be off in live trading"));
        if (!guardHealthy) reasons.Add("the account's guard is not healthy: a breaker is tripped, the kill switch is thrown, or the ledger is not read yet");
        reasons.AddRange(graduation.Unmet.Select(static condition => condition.Text));
        reasons.Add("no live venue exists yet");
        return reasons;
    }
}
