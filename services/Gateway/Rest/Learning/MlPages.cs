using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>How models do and which there are [DASH-02, 05, 06]. What is not trained names what trains it [TRN-20].</summary>
internal sealed class MlPages(ITransport transport)
{
    private const double Milliseconds = 1e3;
    private const string TrainAgents = "quadturbo train --rl", TrainPredictive = "quadturbo train --predictive";
    private static readonly string[] Agents = ["cex_dex_arbitrage", "cross_chain_arbitrage", "flash_loan_opportunist", "whale_copy_trader", "risk_manager"];
    private static readonly string[] Trainable = ["meta_label", "slippage", "regime"];

    /// <summary><c>GET /api/ml/performance</c>.</summary>
    public async Task<IResult> PerformanceAsync(CancellationToken cancel)
    {
        ServingStatus? status = await KnownAsync(Queries.Serving, default(ServingQuestion), cancel);
        IReadOnlyList<LearnerView> learners = await KnownAsync(Queries.Learners, default(LearnersQuestion), cancel) ?? [];
        RegistrySummary? versions = await KnownAsync(Queries.SummariseVersions, new SummariseVersions(Online: false), cancel);
        return Results.Json(new MlPerformancePage(status is null ? null : Serving(status), learners, [.. States(status, versions)]));
    }

    /// <summary><c>GET /api/rl/agents/status</c>.</summary>
    public static IResult AgentStates() => Results.Json(new AgentsPage(
        [.. Agents.Select(a => new AgentState(a, "not_trained", TrainAgents))],
        $"The agents are not trained: '{TrainAgents}' trains them in a version that has them; this one does not."));

    /// <summary><c>POST /api/ml/train</c>: 202 when it begins, 409 with the reason when it does not.</summary>
    public async Task<IResult> TrainAsync(HttpRequest request, string? modelType, CancellationToken cancel)
    {
        try
        {
            await CommandBody.ReadNoneAsync(request, cancel);
        }
        catch (RequestRefusedException e)
        {
            return Problems.Of(e);
        }
        switch (modelType)
        {
            case "predictive": return NotTrained("the predictive model", TrainPredictive);
            case "rl": return NotTrained("the trading agents", TrainAgents);
            case null: return Refused("missing");
            case var other when !Trainable.Contains(other): return Refused($"'{Echo.Of(other)}'");
        }
        if (await Durability.WhyNotAsync(transport, cancel: cancel) is { } why) return Durability.NotKept($"no retrain is begun: what it makes would not be kept: {why}");
        try
        {
            TrainingBegun begun = await transport.AskAsync(Queries.Train, new TrainNow(modelType), cancel);
            return begun.Started
                ? Results.Json(new TrainAnswer(modelType, begun.Text, "/api/learning"), statusCode: StatusCodes.Status202Accepted)
                : Problems.Of(StatusCodes.Status409Conflict, "not_started", begun.Text);
        }
        catch (UnansweredQueryException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no_training", e.Message);
        }
    }

    private static IResult Refused(string shown) => Problems.Of(new RequestRefusedException("model_type", shown, $"one of {string.Join(", ", Trainable)}, predictive, rl"));

    private static IResult NotTrained(string what, string command) =>
        Problems.Of(StatusCodes.Status409Conflict, "not_trained", $"{what}: not trained; '{command}' trains it in a version that has it, and this one does not");

    private static ServingFigures Serving(ServingStatus status) => new(
        status.Model, status.Kind, status.Since, status.Why, status.Samples, status.Provider, status.Requests, status.Predictions, status.Errors,
        Known(status.Latency.P50), Known(status.Latency.P99));

    private static IEnumerable<ModelState> States(ServingStatus? status, RegistrySummary? versions)
    {
        yield return status is null
            ? new ModelState("meta_label", "not_trained", "no service of this process scores", "quadturbo train --meta-label")
            : new ModelState("meta_label", status.Kind == "baseline" ? "baseline" : "serving", $"{status.Model.Label} ({status.Kind}): {status.Why}", "quadturbo train --meta-label");
        foreach (string type in (string[])["slippage", "regime"])
        {
            VersionView? last = versions?.Versions.LastOrDefault(v => v.ModelType == type);
            yield return new ModelState(type, last is null ? "not_trained" : "trained", last is null ? "no version is registered" : $"{last.Version}, kept for reports", $"quadturbo train --{type}");
        }
        yield return new ModelState("predictive", "not_trained", "not part of this version", TrainPredictive);
        yield return new ModelState("rl", "not_trained", "not part of this version", TrainAgents);
    }

    private async ValueTask<TAnswer?> KnownAsync<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, CancellationToken cancel)
        where TAnswer : class
    {
        try
        {
            return await transport.AskAsync(query, question, cancel);
        }
        catch (UnansweredQueryException)
        {
            return null;
        }
    }

    private static double? Known(double seconds) => double.IsNaN(seconds) ? null : seconds * Milliseconds;
}
