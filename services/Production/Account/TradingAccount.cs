using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production.Account;

/// <summary>The account: the one writer of exposure, limits, breakers and the kill switch. What it refuses is not traded.</summary>
/// <remarks>
/// Daily loss stops trading until the next UTC day of the market's clock, consecutive losses for the cool-off, the kill switch until it is released with a
/// reason. Volatility, gas price and staleness judge each opportunity by itself; they show as tripped for a while after a refusal, so that a wild market
/// raises one alert and not thousands. Exposure and order rate are limits: they refuse and do not trip. Every trip takes effect within the event that
/// causes it. State is <see cref="AccountFold"/>'s, so an account restored from the ledger goes on as if it had never stopped.
/// Safe from any thread: the kill switch is thrown from a request's thread while the lane trades.
/// </remarks>
public sealed class TradingAccount(GuardSettings guard, GraduationSettings graduation, TimeProvider wallClock)
{
    private static readonly int VolatilityColumn = FeatureSchema.IndexOf("volatility_ratio");
    private readonly Lock _lock = new();
    private readonly OrderRate _rate = new(guard.OrdersPerSecond);
    private AccountFold _fold = new();
    private GraduationVerdict _graduation = Graduation.Judge(new GraduationFacts(0, 0, 0, 0, 0, 0), graduation);
    private DateTime _now;
    private decimal _exposure;
    private int _open;
    private bool _restored;
    private long _kills;

    /// <summary>False until the ledger has said what it knows: nothing is traded before.</summary>
    public bool Restored
    {
        get { lock (_lock) return _restored; }
    }

    /// <summary>Notional of what is open, USD.</summary>
    public decimal Exposure
    {
        get { lock (_lock) return _exposure; }
    }

    /// <summary>Everything a reader may want to know.</summary>
    public AccountView View
    {
        get { lock (_lock) return Describe(); }
    }

    /// <summary>Takes over what the ledger knows. A kill switch thrown meanwhile stays thrown.</summary>
    public void Restore(AccountSnapshot snapshot, List<AccountChanged> changes)
    {
        lock (_lock)
        {
            AccountChanged? killed = _fold.Standing(Breaker.KillSwitch);
            _fold = new AccountFold(snapshot);
            if (killed is not null) _fold.Apply(killed);
            _restored = true;
            _graduation = Graduation.Judge(snapshot.Graduation, graduation);
            AnnounceStage(changes);
        }
    }

    /// <summary>Moves the account's clock to <paramref name="at"/>: what has run its time is reset, what is over its limit trips.</summary>
    public void Advance(DateTime at, List<AccountChanged> changes)
    {
        lock (_lock) AdvanceTo(at, changes);
    }

    /// <summary>Takes the notional of <paramref name="opportunity"/> into the exposure, unless a limit or a breaker is against it.</summary>
    /// <returns>Why not; null when the order may go out. Every reservation ends with <see cref="Settle"/>.</returns>
    public Refusal? Reserve(Opportunity opportunity, List<AccountChanged> changes)
    {
        lock (_lock)
        {
            AdvanceTo(opportunity.KnownAt, changes);
            if ((StoppedBy() ?? RefusedBy(opportunity, changes) ?? BeyondLimit(opportunity)) is { } refusal) return refusal;
            _rate.Count(_now);
            _exposure += Notional(opportunity);
            _open++;
            return null;
        }
    }

    /// <summary>Gives back what was reserved for <paramref name="outcome"/> and books its net; a limit that it passes trips here.</summary>
    public void Settle(Outcome outcome, List<AccountChanged> changes)
    {
        lock (_lock)
        {
            AdvanceTo(outcome.At, changes);
            _exposure -= Notional(outcome.Decision.Opportunity);
            _open--;
            _fold.Apply(outcome.Net, outcome.Filled, outcome.At);
            TripOnLosses(changes);
        }
    }

    /// <summary>Stops all new orders, from the very next one, until <see cref="Resume"/>. What is open is closed by its own rules.</summary>
    public AccountChanged Kill(string reason)
    {
        AccountChanged killed = Switch(AccountEvent.Killed, reason);
        Keep(killed);
        return killed;
    }

    /// <summary>Stops all new orders by a kill that is known: whatever else was asked for meanwhile.</summary>
    public void Keep(AccountChanged killed)
    {
        lock (_lock)
        {
            _fold.Apply(killed);
            _kills++;
        }
    }

    /// <summary>Takes a change of the kill switch for what it was, in a process that is built again from what it heard.</summary>
    public void Recall(AccountChanged change)
    {
        lock (_lock)
        {
            _fold.Apply(change);
            if (change.Event == AccountEvent.Killed) _kills++;
        }
    }

    /// <summary>What would release the kill switch; null when it is not thrown. Nothing changes before <see cref="Resume"/>.</summary>
    public Resumption? AskResume(string reason)
    {
        lock (_lock) return StandingKill is null ? null : new Resumption(Switch(AccountEvent.Resumed, reason), _kills);
    }

    /// <summary>Releases the kill switch.</summary>
    /// <returns>False when it was thrown again since <see cref="AskResume"/>: it stays thrown.</returns>
    public bool Resume(Resumption asked)
    {
        lock (_lock)
        {
            if (asked.Kills != _kills) return false;
            _fold.Apply(asked.Change);
            return true;
        }
    }

    /// <summary>Whether the kill switch is thrown.</summary>
    public bool Killed => StandingKill is not null;

    /// <summary>What threw the kill switch; null when it is not thrown.</summary>
    public AccountChanged? StandingKill
    {
        get
        {
            lock (_lock) return _fold.Standing(Breaker.KillSwitch) is { Event: AccountEvent.Killed } killed ? killed : null;
        }
    }

    private DateOnly Today => _now == default ? _fold.Day : DateOnly.FromDateTime(_now);

    private AccountChanged Switch(string what, string reason) =>
        new() { Event = what, What = Breaker.KillSwitch, Why = reason, At = wallClock.GetUtcNow().UtcDateTime };

    private void AdvanceTo(DateTime at, List<AccountChanged> changes)
    {
        if (at > _now) _now = at;
        foreach (string breaker in Breakers.Timed)
            if (Tripped(breaker) is { } trip && EndOf(trip) is var end && end <= _now)
                Change(AccountEvent.Reset, breaker, double.NaN, double.NaN, "its time is over", end, changes);
        TripOnLosses(changes);
    }

    private void TripOnLosses(List<AccountChanged> changes)
    {
        decimal net = _fold.NetOn(Today);
        if (guard.DailyLoss > 0m && net <= -guard.DailyLoss && Tripped(Breaker.DailyLoss) is null)
            Trip(Breaker.DailyLoss, (double)net, -(double)guard.DailyLoss, "USD net of the day, no new orders until the next UTC day", changes);
        if (guard.ConsecutiveLosses > 0 && _fold.ConsecutiveLosses >= guard.ConsecutiveLosses && Tripped(Breaker.ConsecutiveLosses) is null)
            Trip(Breaker.ConsecutiveLosses, _fold.ConsecutiveLosses, guard.ConsecutiveLosses, $"trades lost in a row, no new orders for {guard.CoolOff}", changes);
    }

    private Refusal? StoppedBy()
    {
        if (StandingKill is { } killed) return new Refusal(Breaker.KillSwitch, $"{Breaker.KillSwitch}: {killed.Why}");
        return (Tripped(Breaker.DailyLoss) ?? Tripped(Breaker.ConsecutiveLosses)) is { } trip
            ? Refusal.Of(trip.What, trip.Measured, trip.Limit, $"when it tripped at {trip.At:u}; until {EndOf(trip):u}")
            : null;
    }

    private Refusal? RefusedBy(Opportunity opportunity, List<AccountChanged> changes)
    {
        DateTime oldest = opportunity.Buy.QuotedAt < opportunity.Sell.QuotedAt ? opportunity.Buy.QuotedAt : opportunity.Sell.QuotedAt;
        TimeSpan age = _now - oldest;
        if (guard.MaxQuoteAge > TimeSpan.Zero && age > guard.MaxQuoteAge)
            return Refuse(Breaker.Staleness, age.TotalSeconds, guard.MaxQuoteAge.TotalSeconds, "s of age of the older quote", changes);
        double volatility = opportunity.Features[VolatilityColumn];
        if (guard.VolatilityRatio > 0 && volatility > guard.VolatilityRatio)
            return Refuse(Breaker.Volatility, volatility, guard.VolatilityRatio, "times the usual volatility", changes);
        if (guard.MaxGasCost > 0m && opportunity.GasCost > guard.MaxGasCost)
            return Refuse(Breaker.GasPrice, (double)opportunity.GasCost, (double)guard.MaxGasCost, "USD of gas", changes);
        return null;
    }

    private Refusal? BeyondLimit(Opportunity opportunity)
    {
        if (opportunity.Size == SizeKnowledge.Refused || opportunity.Quantity <= 0m)
            return Refusal.Of(Breaker.Size, (double)opportunity.Quantity, 0, "of base currency: an order needs a size above that");
        decimal exposure = _exposure + Notional(opportunity);
        if (guard.MaxExposure > 0m && exposure > guard.MaxExposure)
            return Refusal.Of(Breaker.Exposure, (double)exposure, (double)guard.MaxExposure, "USD open with this order");
        return guard.OrdersPerSecond > 0 && _rate.IsFull(_now)
            ? Refusal.Of(Breaker.OrderRate, guard.OrdersPerSecond + 1, guard.OrdersPerSecond, "orders within a second")
            : null;
    }

    private Refusal Refuse(string breaker, double measured, double limit, string unit, List<AccountChanged> changes)
    {
        if (Tripped(breaker) is null) Trip(breaker, measured, limit, unit, changes);
        return Refusal.Of(breaker, measured, limit, unit);
    }

    private void Trip(string breaker, double measured, double limit, string why, List<AccountChanged> changes) =>
        Change(AccountEvent.Tripped, breaker, measured, limit, Refusal.Of(breaker, measured, limit, why).Detail, _now, changes);

    private void Change(string what, string breaker, double measured, double limit, string why, DateTime at, List<AccountChanged> changes)
    {
        var change = new AccountChanged { Event = what, What = breaker, Measured = measured, Limit = limit, Why = why, At = at };
        _fold.Apply(change);
        changes.Add(change);
    }

    private void AnnounceStage(List<AccountChanged> changes)
    {
        Stage before = _fold.Standing(Breaker.Stage) is { } standing ? (Stage)(int)standing.Measured : Stage.SpringTraining;
        if (before == _graduation.Stage) return;
        Change(_graduation.Stage > before ? AccountEvent.Graduated : AccountEvent.Reset, Breaker.Stage, (int)_graduation.Stage, double.NaN, $"{before} to {_graduation.Stage}",
            wallClock.GetUtcNow().UtcDateTime, changes);
    }

    private AccountChanged? Tripped(string breaker) => _fold.Standing(breaker) is { Event: AccountEvent.Tripped } trip ? trip : null;

    private DateTime EndOf(AccountChanged trip) => trip.What switch
    {
        Breaker.DailyLoss => trip.At.Date.AddDays(1),
        Breaker.ConsecutiveLosses => trip.At + guard.CoolOff,
        _ => trip.At + guard.AlertFor,
    };

    private AccountView Describe() => new()
    {
        Restored = _restored,
        Healthy = _restored && StoppedBy() is null,
        At = _now == default ? null : _now,
        NetToday = _fold.NetOn(Today),
        Filled = _fold.Filled,
        Exposure = _exposure,
        OpenOrders = _open,
        Breakers = [.. Breakers.Of(guard).Select(b => b with
        {
            Measured = Measure(b.Name),
            Since = b.Name == Breaker.KillSwitch ? (Killed ? _fold.Standing(b.Name)!.At : null) : Tripped(b.Name)?.At,
            Until = Tripped(b.Name) is { } trip ? EndOf(trip) : null,
            Why = _fold.Standing(b.Name)?.Why,
        })],
        Graduation = _graduation,
    };

    private double? Measure(string breaker) => breaker switch
    {
        Breaker.DailyLoss => (double)_fold.NetOn(Today),
        Breaker.ConsecutiveLosses => _fold.ConsecutiveLosses,
        Breaker.Exposure => (double)_exposure,
        _ => Tripped(breaker) is { } trip && double.IsFinite(trip.Measured) ? trip.Measured : null,
    };

    private static decimal Notional(Opportunity opportunity) => opportunity.Buy.Price * opportunity.Quantity;
}

/// <summary>A release of the kill switch that has been asked for.</summary>
/// <param name="Change">What the ledger is to keep.</param>
/// <param name="Kills">Kills until then: after another one it is void.</param>
public readonly record struct Resumption(AccountChanged Change, long Kills);
