namespace QuadTurbo.Trading.Outcomes;

/// <summary>
/// The account as its history makes it: fed with every production outcome and every <see cref="AccountChanged"/>, it holds what the guard of a running
/// account holds. The account runs on it, and the ledger is folded with it after a restart.
/// </summary>
/// <remarks>
/// Outcomes in their order and changes in theirs are enough: how the two streams are interleaved does not matter, since a reset of the loss streak removes
/// what was lost before its time, whenever it arrives. Amounts are quote currency taken at par with the base currency. Single writer.
/// </remarks>
public sealed class AccountFold
{
    /// <summary>The longest streak that is told from a longer one.</summary>
    public const int MostLosses = 10_000;

    private readonly Dictionary<string, AccountChanged> _standing = new(StringComparer.Ordinal);
    private readonly Queue<DateTime> _losses = new();
    private DateTime _streakFrom = DateTime.MinValue;
    private decimal _netOfDay;

    /// <summary>An account without history.</summary>
    public AccountFold()
    {
    }

    /// <summary>The account that <paramref name="snapshot"/> was taken of.</summary>
    public AccountFold(AccountSnapshot snapshot)
    {
        foreach (AccountChanged change in snapshot.Standing) Apply(change);
        for (int i = 0; i < snapshot.ConsecutiveLosses; i++) Lose(DateTime.MinValue);
        (Day, _netOfDay, Filled) = (snapshot.Day, snapshot.NetToday, snapshot.Production);
    }

    /// <summary>UTC date of the latest filled trade.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Filled trades lost in a row, up to the last one; counts no further than <see cref="MostLosses"/>.</summary>
    public int ConsecutiveLosses => _losses.Count;

    /// <summary>Trades filled since the first record.</summary>
    public long Filled { get; private set; }

    /// <summary>Net profit of the trades of <paramref name="day"/>, base currency; 0 on a day later than <see cref="Day"/>.</summary>
    /// <remarks>A trade that becomes known late counts towards the last day, so that a clock set back cannot hide a loss.</remarks>
    public decimal NetOn(DateOnly day) => day <= Day ? _netOfDay : 0m;

    /// <summary>The last change of <paramref name="what"/>; null when there was none.</summary>
    public AccountChanged? Standing(string what) => _standing.GetValueOrDefault(what);

    /// <summary>Takes in one production outcome; a missed one changes nothing.</summary>
    /// <param name="net">Profit after fees.</param>
    /// <param name="filled">Whether there was a trade. A filled trade without profit counts as lost.</param>
    /// <param name="at">When it was known, UTC.</param>
    public void Apply(decimal net, bool filled, DateTime at)
    {
        if (!filled) return;
        Filled++;
        var day = DateOnly.FromDateTime(at);
        if (day > Day) (Day, _netOfDay) = (day, 0m);
        _netOfDay += net;
        if (net > 0m) _losses.Clear();
        else if (at >= _streakFrom) Lose(at);
    }

    /// <summary>Takes in one change; a reset of the loss streak ends it at that time.</summary>
    public void Apply(AccountChanged change)
    {
        _standing[change.What] = change;
        if (change is not { What: Breaker.ConsecutiveLosses, Event: AccountEvent.Reset }) return;
        _streakFrom = change.At;
        for (int left = _losses.Count; left > 0; left--)
        {
            DateTime at = _losses.Dequeue();
            if (at >= _streakFrom) _losses.Enqueue(at);
        }
    }

    /// <summary>What the platform starts with next time.</summary>
    public AccountSnapshot ToSnapshot(GraduationFacts graduation) => new()
    {
        Standing = [.. _standing.Values.OrderBy(static c => c.What, StringComparer.Ordinal)],
        Day = Day,
        NetToday = _netOfDay,
        ConsecutiveLosses = ConsecutiveLosses,
        Production = Filled,
        Graduation = graduation,
    };

    private void Lose(DateTime at)
    {
        if (_losses.Count == MostLosses) _losses.Dequeue();
        _losses.Enqueue(at);
    }
}
