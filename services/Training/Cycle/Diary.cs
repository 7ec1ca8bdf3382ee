using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Learning.Drift;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Trainers;

namespace QuadTurbo.Training.Cycle;

/// <summary>What lane 3 did, night by night: kept for reports, logged, measured and told [CYC-03..05]. Thread-safe.</summary>
public sealed partial class Diary : IDisposable
{
    private const int Most = 400;
    private readonly Notifier _notifier;
    private readonly ILogger<Diary> _log;
    private readonly Meter _meter = Meters.Create();
    private readonly Lock _writing = new();
    private readonly Queue<Night> _nights = new();
    private readonly Queue<RetrainResult> _retrains = new();
    private IReadOnlyList<LearningFigure> _figures = [];

    /// <summary>An empty diary; its figures are on the meter, each as soon as it is known.</summary>
    public Diary(Notifier notifier, ILogger<Diary> log)
    {
        (_notifier, _log) = (notifier, log);
        foreach (LearningFigure figure in FiguresOf(new DayTally(), [])) _meter.CreateObservableGauge(figure.Name, () => Known(figure.Name), null, figure.Unit);
    }

    /// <summary>The day that is not over yet.</summary>
    public DayTally Today { get; set; } = new();

    /// <summary>The last nights, oldest first; at most 400.</summary>
    public IReadOnlyList<Night> Nights
    {
        get
        {
            lock (_writing) return [.. _nights];
        }
    }

    /// <summary>The contractual figures at the last daily summary; none before the first.</summary>
    public IReadOnlyList<LearningFigure> Figures
    {
        get
        {
            lock (_writing) return _figures;
        }
    }

    /// <summary>The contractual figures of the day so far.</summary>
    public IReadOnlyList<LearningFigure> Now
    {
        get
        {
            lock (_writing) return FiguresOf(Today, Lately());
        }
    }

    /// <summary>Keeps what a full retrain came to, and tells it unless a night does.</summary>
    public void Note(RetrainResult result, string trigger, bool ofNight)
    {
        lock (_writing) Keep(_retrains, result);
        if (!ofNight) Say(new Notification("retrain", result.At, $"retrain by {trigger}: {result.Why}", new JsonObject { ["trigger"] = trigger, ["rows"] = result.Rows, ["adopted"] = result.Adopted }));
    }

    /// <summary>Keeps, logs and tells a night.</summary>
    public void Write(Night night)
    {
        lock (_writing) Keep(_nights, night);
        LogNight(_log, night.Text);
        _notifier.Notify(new Notification("night", night.At, night.Text, night.ToJson()));
    }

    /// <summary>Logs what failed in the background.</summary>
    public void Failed(Exception e) => LogFailed(_log, e);

    /// <summary>Logs and tells.</summary>
    public void Say(Notification notification)
    {
        LogSaid(_log, notification.Text);
        _notifier.Notify(notification);
    }

    /// <summary>The account of a day by template [CYC-04], and its figures, which from now on are the last ones.</summary>
    /// <param name="at">23:00 UTC of that day.</param>
    /// <param name="day">The shadow lane since the summary before.</param>
    public Notification Summarise(DateTime at, DayTally day)
    {
        lock (_writing)
        {
            RetrainResult[] retrains = [.. _retrains.Where(r => r.At > at.AddDays(-1) && r.At <= at)];
            _figures = FiguresOf(day, retrains);
            return new Notification("daily_summary", at, Text(at, day, retrains), new JsonObject
            {
                ["received"] = day.Received,
                ["passed"] = day.Passed,
                ["blocked"] = day.Blocked,
                ["shadow_trades"] = day.Trades,
                ["wins"] = day.Wins,
                ["missed"] = day.Missed,
                ["net_bps"] = day.NetBps,
                ["labels"] = day.Labels,
                ["learnt"] = new JsonArray([.. retrains.Select(r => (JsonNode)r.Why)]),
                ["figures"] = new JsonArray([.. _figures.Select(JsonOf)]),
            });
        }
    }

    /// <summary>The notification that columns have begun to drift.</summary>
    public static Notification Drift(OpportunityKind kind, IReadOnlyList<DriftEvent> events, DateTime at) => new(
        "drift", at,
        $"drift of {kind.Text()} opportunities: "
        + string.Join(", ", events.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Figures.Name} (PSI {e.Figures.Psi:0.00}, KS {e.Figures.KsD:0.00} over {e.Figures.Window} samples)"))),
        new JsonObject
        {
            ["kind"] = kind.Code(),
            ["columns"] = new JsonArray([.. events.Select(e => (JsonNode)e.Figures.Name)]),
        });

    /// <summary>One figure for programs.</summary>
    public static JsonNode JsonOf(LearningFigure figure) => new JsonObject
    {
        ["name"] = figure.Name,
        ["value"] = figure.Value,
        ["unit"] = figure.Unit,
        ["min"] = figure.Min,
        ["ideal"] = figure.Ideal,
        ["max"] = figure.Max,
        ["verdict"] = figure.Verdict,
    };

    private static List<LearningFigure> FiguresOf(DayTally day, RetrainResult[] retrains)
    {
        RetrainResult? last = retrains.LastOrDefault();
        int exported = retrains.Sum(r => r.Drafts.Count);
        return
        [
            new("shadow_trades_daily", day.Trades, "trades that passed", 20, 50, 200),
            new("shadow_win_rate_scalp", day.Of(TradeMode.Scalp).Rate, "share", 0.70, 0.74, 0.78),
            new("shadow_win_rate_runner", day.Of(TradeMode.Runner).Rate, "share", 0.87, 0.90, 0.95),
            new("shadow_pnl_daily", day.NetBps, "bps, simulated", 50, 100, 200),
            new("training_frequency", retrains.Length, "retrains a day", 1, 1, null),
            new("model_improvement", last?.AucGain, "AUC over the model before", 0.005, 0.01, null),
            new("training_data_size", last?.Rows, "rows", 1_000, 5_000, 50_000),
            new("feature_importance_stability", last?.Instability, "change, 0..1", null, 0.30, 0.30),
            new("models_exported", exported, "a day", 1, 1, null),
            new("model_validation", exported == 0 ? null : (double)retrains.Sum(r => r.Sound) / exported, "share of exports that load and score alike", 1, 1, null),
            new("hamilton_adoption", last?.Adopted == true ? 0 : null, "days from export to serving", null, 1, 1),
        ];
    }

    private static string Text(DateTime at, DayTally day, RetrainResult[] retrains)
    {
        string winRate = day.Trades == 0 ? "no trade ended" : string.Create(CultureInfo.InvariantCulture, $"win rate {(double)day.Wins / day.Trades:P1}");
        string learnt = retrains.Length == 0 ? "Nothing was retrained." : string.Join(" ", retrains.Select(r => r.Why));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{at:yyyy-MM-dd}: {day.Received} signals, {day.Passed} passed, {day.Blocked} blocked. Shadow: {day.Trades} trades that passed, {winRate}, "
            + $"{day.NetBps:0.#} bps simulated, {day.Missed} missed. {day.Labels} labels learnt. {learnt}{Importance(retrains)}");
    }

    private static string Importance(RetrainResult[] retrains) =>
        retrains.LastOrDefault() is { } last && last.TopFeatures.Count > 0
            ? $" What matters most: {string.Join(", ", last.TopFeatures)}{(last.Instability is { } s ? string.Create(CultureInfo.InvariantCulture, $"; {s:P0} of importance moved") : "")}."
            : "";

    private IEnumerable<Measurement<double>> Known(string name)
    {
        lock (_writing)
        {
            return FiguresOf(Today, Lately()).First(f => f.Name == name).Value is { } value ? [new Measurement<double>(value)] : [];
        }
    }

    private RetrainResult[] Lately() => _retrains.Count == 0 ? [] : [.. _retrains.Where(r => r.At > _retrains.Last().At.AddDays(-1))];

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static void Keep<T>(Queue<T> queue, T item)
    {
        if (queue.Count == Most) queue.Dequeue();
        queue.Enqueue(item);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Night}")]
    private static partial void LogNight(ILogger log, string night);

    [LoggerMessage(Level = LogLevel.Error, Message = "a version was not made, or not published")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void LogSaid(ILogger log, string text);
}
