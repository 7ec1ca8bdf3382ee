using QuadTurbo.Production.Account;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Production;

public class TradingAccountTests
{
    private readonly List<AccountChanged> _changes = [];

    [Theory]
    [InlineData("-49.99", false)]
    [InlineData("-50", true)]
    public void A_day_that_lost_its_limit_stops_trading_in_the_same_event(string net, bool stops)
    {
        TradingAccount account = Open(new GuardSettings { DailyLoss = 50m });

        Trade(account, 1, Example.Noon, decimal.Parse(net));

        Assert.Equal(stops, _changes.Any(c => c is { Event: AccountEvent.Tripped, What: Breaker.DailyLoss, Limit: -50 }));
        Assert.Equal(stops ? Breaker.DailyLoss : null, account.Reserve(Example.Gap(2, Example.Noon), _changes)?.Breaker);
    }

    [Fact]
    public void A_lost_day_ends_at_midnight_utc_and_not_before()
    {
        TradingAccount account = Open(new GuardSettings { DailyLoss = 50m });
        Trade(account, 1, Example.Noon, -60m);

        Assert.Equal(Breaker.DailyLoss, account.Reserve(Example.Gap(2, Example.Noon.Date.AddDays(1).AddTicks(-1)), _changes)?.Breaker);
        Assert.Null(account.Reserve(Example.Gap(3, Example.Noon.Date.AddDays(1)), _changes));
        AccountChanged reset = Assert.Single(_changes, c => c.Event == AccountEvent.Reset);
        Assert.Equal((Breaker.DailyLoss, Example.Noon.Date.AddDays(1)), (reset.What, reset.At));
    }

    [Fact]
    public void A_lost_day_stays_lost_when_what_was_open_earns_it_back()
    {
        TradingAccount account = Open(new GuardSettings { DailyLoss = 50m });
        Opportunity open = Example.Gap(1, Example.Noon);
        account.Reserve(open, _changes);
        Trade(account, 2, Example.Noon, -60m);

        account.Settle(open.Earned(30m, Example.Noon.AddMinutes(1)), _changes);

        Refusal refusal = account.Reserve(Example.Gap(3, Example.Noon.AddMinutes(2)), _changes)!.Value;
        Assert.StartsWith("daily_loss: -60 against a limit of -50 ", refusal.Detail);
    }

    [Fact]
    public void A_loss_that_becomes_known_after_midnight_counts_towards_the_new_day()
    {
        TradingAccount account = Open(new GuardSettings { DailyLoss = 50m });
        DateTime midnight = Example.Noon.Date.AddDays(1);
        Opportunity late = Example.Gap(1, midnight.AddSeconds(-1));
        account.Reserve(late, _changes);
        Trade(account, 2, midnight, -30m);

        account.Settle(late.Earned(-30m, midnight.AddSeconds(-1)), _changes);

        Assert.Equal(Breaker.DailyLoss, account.Reserve(Example.Gap(3, midnight), _changes)?.Breaker);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Losses_in_a_row_stop_trading(int losses, bool stops)
    {
        TradingAccount account = Open(new GuardSettings { ConsecutiveLosses = 3 });

        for (int i = 0; i < losses; i++) Trade(account, i, Example.Noon, -0.1m);

        Assert.Equal(stops, _changes.Any(c => c is { What: Breaker.ConsecutiveLosses, Measured: 3, Limit: 3 }));
        Assert.Equal(stops, account.Reserve(Example.Gap(9, Example.Noon), _changes) is { Breaker: Breaker.ConsecutiveLosses });
    }

    [Fact]
    public void A_win_ends_a_streak_and_a_trade_without_profit_does_not()
    {
        TradingAccount account = Open(new GuardSettings { ConsecutiveLosses = 3 });

        foreach (decimal net in new[] { -1m, -1m, 0.01m, -1m, -1m }) Trade(account, 1, Example.Noon, net);
        Assert.Null(account.Reserve(Example.Gap(1, Example.Noon), _changes));

        Trade(account, 2, Example.Noon, 0m);
        Assert.Equal(Breaker.ConsecutiveLosses, account.Reserve(Example.Gap(3, Example.Noon), _changes)?.Breaker);
    }

    [Fact]
    public void After_the_cool_off_the_streak_starts_anew()
    {
        TradingAccount account = Open(new GuardSettings { ConsecutiveLosses = 2, CoolOff = TimeSpan.FromHours(1) });
        Opportunity open = Example.Gap(0, Example.Noon);
        account.Reserve(open, _changes);
        Trade(account, 1, Example.Noon, -1m);
        Trade(account, 2, Example.Noon, -1m);
        account.Settle(open.Earned(-1m, Example.Noon.AddMinutes(15)), _changes);

        Assert.NotNull(account.Reserve(Example.Gap(3, Example.Noon.AddHours(1).AddTicks(-1)), _changes));
        Trade(account, 4, Example.Noon.AddHours(1), -1m);
        Assert.Null(account.Reserve(Example.Gap(5, Example.Noon.AddHours(1)), _changes));
        Trade(account, 6, Example.Noon.AddHours(1), -1m);
        Assert.NotNull(account.Reserve(Example.Gap(7, Example.Noon.AddHours(1)), _changes));
    }

    [Theory]
    [InlineData(5f, null)]
    [InlineData(5.01f, Breaker.Volatility)]
    [InlineData(float.NaN, null)]
    public void Volatility_is_judged_by_opportunity_and_unknown_does_not_block_paper(float ratio, string? refusedBy)
    {
        TradingAccount account = Open(new GuardSettings { VolatilityRatio = 5 });

        Assert.Equal(refusedBy, account.Reserve(Example.Gap(1, Example.Noon).With("volatility_ratio", ratio), _changes)?.Breaker);

        Assert.Null(account.Reserve(Example.Gap(2, Example.Noon).With("volatility_ratio", 1f), _changes));
        Assert.Equal(refusedBy is null ? 0 : 1, _changes.Count);
    }

    [Fact]
    public void A_wild_market_raises_one_alert_in_five_minutes()
    {
        TradingAccount account = Open(new GuardSettings { VolatilityRatio = 5, AlertFor = TimeSpan.FromMinutes(5) });
        for (int second = 0; second < 600; second++)
            Assert.NotNull(account.Reserve(Example.Gap(second, Example.Noon.AddSeconds(second)).With("volatility_ratio", 9f), _changes));

        Assert.Equal(["tripped", "reset", "tripped"], _changes.Select(c => c.Event));
        Assert.Equal([0, 5, 5], _changes.Select(c => (c.At - Example.Noon).TotalMinutes));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_quote_older_than_its_limit_is_stale_whichever_side_it_is_on(long ticksOver, bool refused)
    {
        DateTime quoted = Example.Noon - TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(ticksOver);
        Opportunity both = Example.Gap(1, Example.Noon);
        var guard = new GuardSettings { MaxQuoteAge = TimeSpan.FromSeconds(5) };

        foreach (Opportunity o in new[] { both with { Buy = both.Buy with { QuotedAt = quoted } }, both with { Sell = both.Sell with { QuotedAt = quoted } } })
            Assert.Equal(refused, Open(guard).Reserve(o, _changes) is { Breaker: Breaker.Staleness });
    }

    [Fact]
    public void A_quote_goes_stale_while_the_market_moves_on()
    {
        TradingAccount account = Open(new GuardSettings { MaxQuoteAge = TimeSpan.FromSeconds(5) });
        account.Advance(Example.Noon.AddSeconds(6), _changes);

        Assert.StartsWith("staleness: 6 against a limit of 5 s", account.Reserve(Example.Gap(1, Example.Noon), _changes)!.Value.Detail);
    }

    [Theory]
    [InlineData("10", false)]
    [InlineData("10.01", true)]
    public void Gas_above_its_cap_is_refused(string cost, bool refused)
    {
        TradingAccount account = Open(new GuardSettings { MaxGasCost = 10m });

        Refusal? refusal = account.Reserve(Example.Gap(1, Example.Noon) with { GasCost = decimal.Parse(cost) }, _changes);

        Assert.Equal(refused, refusal is { Breaker: Breaker.GasPrice });
    }

    [Fact]
    public void Exposure_reaches_its_limit_and_never_passes_it()
    {
        TradingAccount account = Open(new GuardSettings { MaxExposure = 200m });
        Opportunity first = Example.Gap(1, Example.Noon);

        Assert.Null(account.Reserve(first, _changes));
        Assert.Null(account.Reserve(Example.Gap(2, Example.Noon), _changes));
        Assert.Equal("exposure: 200.001 against a limit of 200 USD open with this order",
            account.Reserve(Example.Gap(3, Example.Noon, quantity: 0.000001m), _changes)!.Value.Detail);
        account.Settle(first.Earned(0.1m, Example.Noon.AddMinutes(1)), _changes);
        Assert.Equal(100m, account.Exposure);
        Assert.Null(account.Reserve(Example.Gap(4, Example.Noon.AddMinutes(1)), _changes));
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_second_holds_no_more_orders_than_its_limit_wherever_it_starts()
    {
        TradingAccount account = Open(new GuardSettings { OrdersPerSecond = 2 });
        bool Out(int milliseconds) => account.Reserve(Example.Gap(milliseconds, Example.Noon.AddMilliseconds(milliseconds)), _changes) is null;

        Assert.True(Out(0));
        Assert.True(Out(900));
        Assert.False(Out(999));
        Assert.True(Out(1000));
        Assert.False(Out(1899));
        Assert.True(Out(1900));
    }

    [Theory]
    [InlineData("0", SizeKnowledge.Known)]
    [InlineData("0.1", SizeKnowledge.Refused)]
    public void What_has_no_size_is_not_traded(string quantity, SizeKnowledge size)
    {
        Opportunity opportunity = Example.Gap(1, Example.Noon, decimal.Parse(quantity)) with { Size = size };

        Assert.Equal(Breaker.Size, Open(new GuardSettings()).Reserve(opportunity, _changes)?.Breaker);
    }

    [Fact]
    public void A_limit_of_zero_switches_a_breaker_off_and_is_named()
    {
        var off = new GuardSettings
        {
            MaxExposure = 0,
            DailyLoss = 0,
            ConsecutiveLosses = 0,
            VolatilityRatio = 0,
            MaxGasCost = 0,
            MaxQuoteAge = TimeSpan.Zero,
            OrdersPerSecond = 0,
        };
        TradingAccount account = Open(off);
        for (int i = 0; i < 200; i++) Trade(account, i, Example.Noon, -1000m);

        Opportunity wild = Example.Gap(999, Example.Noon, quantity: 1e6m).With("volatility_ratio", 20f) with { GasCost = 1e6m };
        Assert.Null(account.Reserve(wild with { Buy = wild.Buy with { QuotedAt = Example.Noon.AddDays(-1) } }, _changes));

        Assert.Equal(7, off.SwitchedOff.Count());
        Assert.Empty(new GuardSettings().SwitchedOff);
    }

    [Fact]
    public void The_view_shows_every_breaker_with_measure_limit_and_time()
    {
        TradingAccount account = Open(new GuardSettings { DailyLoss = 50m });
        Trade(account, 1, Example.Noon, -60m);

        AccountView view = account.View;

        Assert.False(view.Healthy);
        Assert.Equal(-60m, view.NetToday);
        BreakerView loss = Assert.Single(view.Breakers, b => b.Since is not null);
        Assert.Equal((Breaker.DailyLoss, -60, -50, Example.Noon, Example.Noon.Date.AddDays(1)),
            (loss.Name, loss.Measured, loss.Limit, loss.Since, loss.Until));
    }

    private static TradingAccount Open(GuardSettings guard)
    {
        TradingAccount account = Example.Account(guard);
        account.Restore(Example.NewAccount, []);
        return account;
    }

    private void Trade(TradingAccount account, long n, DateTime at, decimal net)
    {
        Opportunity opportunity = Example.Gap(n, at);
        if (account.Reserve(opportunity, _changes) is null) account.Settle(opportunity.Earned(net, at), _changes);
    }
}
