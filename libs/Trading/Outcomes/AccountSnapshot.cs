namespace QuadTurbo.Trading.Outcomes;

/// <summary>What the ledger knows of the account when the platform starts: the message <c>account.restored</c>.</summary>
/// <remarks>The ledger is the record of truth: the account is folded from it, never from a file of its own.</remarks>
public sealed record AccountSnapshot
{
    /// <summary>The last change of each breaker and of the kill switch: what is tripped stays tripped.</summary>
    public required IReadOnlyList<AccountChanged> Standing { get; init; }

    /// <summary>UTC date of <see cref="NetToday"/>.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Net profit of filled production trades of <see cref="Day"/>, base currency.</summary>
    public required decimal NetToday { get; init; }

    /// <summary>Filled production trades lost in a row, up to the last one.</summary>
    public required int ConsecutiveLosses { get; init; }

    /// <summary>Production trades filled since the first record.</summary>
    public required long Production { get; init; }

    /// <summary>What graduation is judged on.</summary>
    public required GraduationFacts Graduation { get; init; }
}

/// <summary>What graduation is judged on [LCFG-05, LCFG-06, C4].</summary>
/// <param name="Opportunities">Opportunities judged.</param>
/// <param name="NetPositive">Of those, with an estimated net edge above 0.</param>
/// <param name="NetPositivePassed">Of those, passed by the pre-validator.</param>
/// <param name="FilledTwins">Opportunities that both production (paper) and shadow filled.</param>
/// <param name="SameSign">Of those, with nets of the same sign.</param>
/// <param name="ShadowFilled">Shadow trades filled.</param>
public sealed record GraduationFacts(long Opportunities, long NetPositive, long NetPositivePassed, long FilledTwins, long SameSign, long ShadowFilled);
