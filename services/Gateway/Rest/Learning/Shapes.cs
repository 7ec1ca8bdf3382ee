using System.ComponentModel;
using System.Text.Json.Serialization;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest.Learning;

// What the routes about models, learning and performance answer. An unknown value is absent.

/// <summary>The answer to <c>GET /api/models</c>.</summary>
internal sealed record ModelsPage(
    [property: Description("The newest first.")] IReadOnlyList<ModelRow> Items,
    LiveVersion Live,
    [property: JsonPropertyName("readiness_rules"), Description("What a model must satisfy to judge.")] IReadOnlyList<string> ReadinessRules,
    [property: Description("The experiment in traffic; absent without one.")] RunningExperiment? Experiment = null,
    [property: Description("cursor of the next page; absent on the last.")] string? Next = null);

/// <summary>The answer to <c>GET /api/queues</c>.</summary>
internal sealed record QueuesPage(
    IReadOnlyList<QueueRow> Queues,
    [property: Description("Absent where no service of the process keeps a ledger.")] WriterView? Writer,
    string Integrity);

/// <summary>One queue between two services.</summary>
internal sealed record QueueRow(string Handler, string Topic, int Depth, int Capacity, long Dropped, [property: Description("What happens when it is full.")] string Policy);

/// <summary>The answer to <c>GET /api/performance</c>.</summary>
internal sealed record PerformancePage(
    IReadOnlyList<StageRow> Stages,
    ThroughputFigures Throughput,
    MemoryFigures Memory,
    [property: JsonPropertyName("cpu_share"), Description("Of all cores, 0 to 1, over the last 5 s; absent before.")] double? CpuShare,
    int Cores,
    [property: JsonPropertyName("uptime_s")] double UptimeS,
    [property: Description("Claims about gains, and what was measured of them; n is 0 where nothing was.")] IReadOnlyList<HypothesisRow> Hypotheses);

/// <summary>How long one step takes for one message, in buckets at most 1/16 too wide.</summary>
internal sealed record StageRow(string Name, string Unit, double? P50, double? P99, double? P999, long N);

/// <summary>What goes through in a second.</summary>
internal sealed record ThroughputFigures(
    [property: JsonPropertyName("detected_per_s"), Description("Over the last 5 s; absent before.")] double? DetectedPerS,
    [property: JsonPropertyName("outcomes_per_s"), Description("Over the last 5 s; absent before.")] double? OutcomesPerS,
    [property: Description("The last 10 minutes, a point each 5 s, the oldest first.")] IReadOnlyList<ThroughputPoint> History);

/// <summary>Five seconds.</summary>
internal sealed record ThroughputPoint(
    DateTime At,
    [property: JsonPropertyName("detected_per_s")] double DetectedPerS,
    [property: JsonPropertyName("outcomes_per_s")] double OutcomesPerS,
    [property: JsonPropertyName("memory_mb")] double MemoryMb);

/// <summary>Memory of the process, MB of 1e6 bytes.</summary>
internal sealed record MemoryFigures(
    [property: JsonPropertyName("rss_mb")] double RssMb,
    [property: JsonPropertyName("heap_mb")] double HeapMb,
    [property: JsonPropertyName("gc_pause_ms"), Description("Since the start.")] double GcPauseMs,
    int Gen0,
    int Gen1,
    int Gen2,
    [property: JsonPropertyName("allocated_per_s_mb"), Description("Over the last 5 s; absent before.")] double? AllocatedPerSMb);

/// <summary>One claim about a gain, beside what was measured [DASH-14].</summary>
internal sealed record HypothesisRow(
    string Name,
    string Claim,
    [property: JsonPropertyName("claim_low")] double? ClaimLow,
    [property: JsonPropertyName("claim_high")] double? ClaimHigh,
    string Unit,
    [property: Description("Absent where nothing was measured.")] MeanInterval? Measured,
    long N,
    string Text);

/// <summary>The answer to <c>GET /api/ml/performance</c>.</summary>
internal sealed record MlPerformancePage(
    [property: Description("What serves requests and how it does; absent where no service of the process scores.")] ServingFigures? Serving,
    [property: Description("How the online learners foretell beside the baseline.")] IReadOnlyList<LearnerView> Learners,
    [property: Description("Every kind of model, and whether there is one.")] IReadOnlyList<ModelState> Models);

/// <summary>What serves requests.</summary>
internal sealed record ServingFigures(
    ModelRef Model,
    string Kind,
    DateTime Since,
    string Why,
    long Samples,
    string Provider,
    long Requests,
    long Predictions,
    long Errors,
    [property: JsonPropertyName("p50_ms"), Description("Time to score a batch.")] double? P50Ms,
    [property: JsonPropertyName("p99_ms")] double? P99Ms);

/// <summary>Whether there is a model of a type.</summary>
internal sealed record ModelState(
    string Type,
    [property: Description("serving, trained, baseline or not_trained.")] string State,
    string Text,
    [property: Description("What trains it.")] string Command);

/// <summary>The answer to <c>GET /api/rl/agents/status</c>.</summary>
internal sealed record AgentsPage(IReadOnlyList<AgentState> Agents, string Message);

/// <summary>One agent.</summary>
internal sealed record AgentState(string Name, [property: Description("not_trained.")] string State, string Command);

/// <summary>The answer to <c>POST /api/ml/train</c>.</summary>
internal sealed record TrainAnswer(
    [property: JsonPropertyName("model_type")] string ModelType,
    [property: Description("What happens now.")] string Text,
    [property: Description("Where to look how it goes.")] string Follow);

/// <summary>The answer to <c>GET /api/metrics/opportunities</c>.</summary>
internal sealed record OpportunityMetrics(
    long Detected,
    [property: JsonPropertyName("mean_gross_edge_bps")] double? MeanGrossEdgeBps,
    [property: JsonPropertyName("mean_net_edge_bps")] double? MeanNetEdgeBps,
    [property: JsonPropertyName("by_mode")] IReadOnlyList<ModeCount> ByMode,
    [property: Description("Hours of the market's clock with anything in them, the newest first.")] IReadOnlyList<DetectedHour> Hours);

/// <summary>Opportunities of one hour.</summary>
internal sealed record DetectedHour(DateTime At, long Detected);

/// <summary>The answer to <c>GET /api/metrics/execution</c>.</summary>
internal sealed record ExecutionMetrics(
    [property: JsonPropertyName("by_path")] IReadOnlyList<RouteFigures> ByPath,
    [property: Description("What fills cost against the quotes of the decision, bps; positive is worse.")] SlippageFigures Slippage,
    [property: JsonPropertyName("predicted_slippage_bps"), Description("Absent: nothing on the path foretells slippage.")] double? PredictedSlippageBps,
    [property: JsonPropertyName("gas_error"), Description("Gas paid less gas estimated; absent: nothing was sent to a chain.")] decimal? GasError,
    [property: JsonPropertyName("mev_loss_before"), Description("Absent: not measured.")] decimal? MevLossBefore,
    [property: JsonPropertyName("mev_loss_after"), Description("Absent: not measured.")] decimal? MevLossAfter,
    [property: JsonPropertyName("not_measured")] IReadOnlyList<string> NotMeasured);

/// <summary>The answer to <c>GET /api/metrics/ml</c>.</summary>
internal sealed record MlMetrics(
    [property: Description("Share that the online learner foretold by at least even odds, each before it was learnt.")] double? Accuracy,
    [property: Description("Samples behind it.")] long N,
    [property: JsonPropertyName("slippage_rms_bps"), Description("Error of foretelling no slippage; absent before the first trade.")] double? SlippageRmsBps,
    [property: JsonPropertyName("mean_confidence"), Description("Of detection, 0 to 1.")] double? MeanConfidence,
    [property: JsonPropertyName("agent_win_rates"), Description("Empty: the agents are not trained.")] IReadOnlyList<AgentWinRate> AgentWinRates,
    [property: JsonPropertyName("not_measured")] IReadOnlyList<string> NotMeasured);

/// <summary>Wins of one agent.</summary>
internal sealed record AgentWinRate(string Name, [property: JsonPropertyName("win_rate")] double WinRate);

/// <summary>The answer to <c>GET /api/metrics/financial</c>.</summary>
internal sealed record FinancialMetrics(
    string Currency,
    [property: JsonPropertyName("net_usd"), Description("Net profit of production; trades in other currencies are in by_currency alone.")] decimal NetUsd,
    [property: JsonPropertyName("net_eth"), Description("Absent: no rate is known.")] decimal? NetEth,
    [property: JsonPropertyName("by_currency")] IReadOnlyList<CurrencyAmount> ByCurrency,
    IReadOnlyList<StrategyFigures> Strategies,
    [property: JsonPropertyName("shadow_strategies")] IReadOnlyList<StrategyFigures> ShadowStrategies,
    [property: JsonPropertyName("max_drawdown_usd")] decimal MaxDrawdownUsd,
    [property: JsonPropertyName("sharpe_per_trade"), Description("Mean over standard deviation of net bps of a trade; not annualised.")] double? SharpePerTrade,
    [property: JsonPropertyName("sharpe_per_day"), Description("Mean over standard deviation of USD of a day; not annualised.")] double? SharpePerDay,
    [property: Description("USD by UTC day of the market's clock, the newest first.")] IReadOnlyList<PeriodFigures> Days,
    [property: Description("USD by hour, the newest first.")] IReadOnlyList<PeriodFigures> Hours);
