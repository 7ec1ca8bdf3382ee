using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>What the path has come to [DASH-10..13]; a figure that nothing measures is absent, and said to be.</summary>
internal sealed class MetricPages(ITransport transport)
{
    /// <summary><c>GET /api/metrics/opportunities</c>.</summary>
    public Task<IResult> OpportunitiesAsync(CancellationToken cancel) => Answers.TryAsync("no_auditor", async () =>
    {
        PathFigures f = await FiguresAsync(cancel);
        return new OpportunityMetrics(f.Judged, f.GrossEdgeBps, f.NetEdgeBps, f.ByMode, [.. f.Hours.Select(h => new DetectedHour(h.At, h.Detected))]);
    });

    /// <summary><c>GET /api/metrics/execution</c>.</summary>
    public Task<IResult> ExecutionAsync(CancellationToken cancel) => Answers.TryAsync("no_auditor", async () =>
    {
        PathFigures f = await FiguresAsync(cancel);
        return new ExecutionMetrics(
            f.Routes, f.Slippage, PredictedSlippageBps: null, GasError: null, MevLossBefore: null, MevLossAfter: null,
            ["predicted_slippage_bps: nothing on the path foretells slippage", "gas_error: nothing was sent to a chain", "mev_loss: nothing was sent to a chain"]);
    });

    /// <summary><c>GET /api/metrics/ml</c>.</summary>
    public Task<IResult> MlAsync(CancellationToken cancel) => Answers.TryAsync("no_auditor", async () =>
    {
        PathFigures f = await FiguresAsync(cancel);
        ForecastFigures[] learners = [.. (await LearnersAsync(cancel)).Select(l => l.Learner)];
        long n = learners.Sum(l => l.N);
        double? accuracy = n == 0 ? null : learners.Sum(l => (l.Accuracy ?? 0) * l.N) / n;
        return new MlMetrics(accuracy, n, f.Slippage.RmsBps, f.Confidence, [], ["agent_win_rates: the agents are not trained ('quadturbo train --rl')"]);
    });

    /// <summary><c>GET /api/metrics/financial</c>.</summary>
    public Task<IResult> FinancialAsync(CancellationToken cancel) => Answers.TryAsync("no_auditor", async () =>
    {
        PathFigures f = await FiguresAsync(cancel);
        return new FinancialMetrics(
            Currency.Base, f.Net, NetEth: null, f.NetByCurrency, f.Production, f.Shadow, f.MaxDrawdown, f.SharpePerTrade,
            Sharpe([.. f.Days.Select(d => (double)d.Net)]), f.Days, f.Hours);
    });

    private ValueTask<PathFigures> FiguresAsync(CancellationToken cancel) => transport.AskAsync(Queries.Figures, default, cancel);

    private async ValueTask<IReadOnlyList<LearnerView>> LearnersAsync(CancellationToken cancel)
    {
        try
        {
            return await transport.AskAsync(Queries.Learners, default, cancel);
        }
        catch (UnansweredQueryException)
        {
            return [];
        }
    }

    /// <summary>Mean over standard deviation (n - 1); null of fewer than two days, or when they are all alike.</summary>
    internal static double? Sharpe(IReadOnlyList<double> days)
    {
        if (days.Count < 2) return null;
        double mean = days.Average(), squares = days.Sum(d => (d - mean) * (d - mean));
        return squares > 0 ? mean / Math.Sqrt(squares / (days.Count - 1)) : null;
    }
}
