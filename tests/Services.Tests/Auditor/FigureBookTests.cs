using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

/// <summary>What the path comes to by hour, day and strategy [DASH-10..13].</summary>
public sealed class FigureBookTests : IDisposable
{
    private readonly PathAudit _audit = new();
    private long _next;

    public FigureBookTests() => _audit.Apply(new SessionOpened { Session = "s", At = Example.Noon, Version = "1", FeatureSchema = "0" });

    public void Dispose() => _audit.Dispose();

    [Fact]
    public void The_drawdown_is_the_largest_fall_from_a_high()
    {
        foreach (decimal net in new[] { 10m, -4m, 1m, -3m, 20m, -1m }) Earn(net);

        PathFigures figures = Read();

        Assert.Equal((23m, 6m), (figures.Net, figures.MaxDrawdown));
        StrategyFigures strategy = Assert.Single(figures.Production);
        Assert.Equal(("arb", 6L, 6L, 3L, 23m), (strategy.Mode, strategy.Processed, strategy.Trades, strategy.Wins, strategy.Net));
        Assert.Equal(0.5, strategy.WinRate);
    }

    [Fact]
    public void A_day_and_its_hours_have_the_same_sums()
    {
        Earn(2m);
        Earn(-5m);

        PathFigures figures = Read();

        PeriodFigures day = Assert.Single(figures.Days), hour = Assert.Single(figures.Hours);
        Assert.Equal((Example.Noon.Date, 2L, -3m), (day.At, day.Trades, day.Net));
        Assert.Equal((day.Detected, day.Net), (hour.Detected, hour.Net));
    }

    [Fact]
    public void What_was_missed_is_processed_and_not_traded()
    {
        Decision decision = Judge();
        _audit.Apply(decision.Missed(Lane.Production, MissCode.Guard));

        PathFigures figures = Read();

        Assert.Equal((1L, 0L, null), (figures.Production.Single().Processed, figures.Production.Single().Trades, figures.Production.Single().WinRate));
        Assert.Equal((1L, 0L), (figures.Routes.Single().Processed, figures.Routes.Single().Filled));
        Assert.Null(figures.SharpePerTrade);
    }

    [Fact]
    public void A_path_succeeds_when_it_makes_money_and_what_was_missed_is_neither_won_nor_lost()
    {
        Earn(2m);
        Earn(-1m);
        _audit.Apply(Judge().Missed(Lane.Production, MissCode.NoQuote));
        _audit.Apply(Judge().Missed(Lane.Production, MissCode.NoQuote));

        RouteFigures route = Assert.Single(Read().Routes);

        Assert.Equal((4L, 2L, 1L), (route.Processed, route.Filled, route.Succeeded));
        Assert.Equal((0.5, 0.5, 0.25), (route.FillRate, route.WinRate, route.SuccessRate));
        Assert.Equal(0.5, Assert.Single(Read().Production).WinRate);
        Assert.Equal((0.5, 0.25), (_audit.Production.WinRate, _audit.Production.SuccessRate));
    }

    private PathFigures Read() => _audit.Figures.Read(_audit.Judged, _audit.Conservation.Outcomes);

    private Decision Judge()
    {
        Decision decision = Judged.Decide(_next++);
        _audit.Apply(decision, DueLanes.Production);
        return decision;
    }

    private void Earn(decimal net) => _audit.Apply(Judge().Earned(Lane.Production, net));
}
