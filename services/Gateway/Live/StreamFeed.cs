using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using QuadTurbo.Gateway.Rest.Audit;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Live;

/// <summary>
/// Hears what the services say and makes messages of what somebody hears; never more than <see cref="StreamSettings.MessagesPerSecond"/> of a kind.
/// </summary>
/// <remarks>What nobody hears passes it by, and its queues forget when they are full: the path never waits for an onlooker.</remarks>
internal sealed class StreamFeed : IDisposable
{
    private const int Waiting = 4096, FewWaiting = 64;
    private const Channels Verdicts = Channels.Opportunities | Channels.Predictions;
    private readonly StreamHub _hub;
    private readonly StreamMeters _meters;
    private readonly OverviewPage _overview;
    private readonly JsonSerializerOptions _json;
    private readonly Allowance _opportunities, _predictions, _executions;
    private readonly ITimer _second;

    /// <summary>A feed of <paramref name="hub"/>.</summary>
    public StreamFeed(StreamHub hub, StreamMeters meters, OverviewPage overview, IOptions<JsonOptions> json, TimeProvider clock)
    {
        (_hub, _meters, _overview, _json) = (hub, meters, overview, json.Value.SerializerOptions);
        int most = hub.Settings.MessagesPerSecond;
        (_opportunities, _predictions, _executions) = (new Allowance(most, clock), new Allowance(most, clock), new Allowance(most, clock));
        _second = clock.CreateTimer(static feed => ((StreamFeed)feed!).EverySecond(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Registers what it hears.</summary>
    public static void Subscribe(IHostApplicationBuilder builder)
    {
        Hear(builder, Topics.OpportunityValidated, Verdicts, Waiting, static (feed, judged) => feed.OnJudged(judged));
        Hear(builder, Topics.OpportunityRefused, Verdicts, Waiting, static (feed, judged) => feed.OnJudged(judged));
        Hear(builder, Topics.OutcomeExecuted, Channels.Executions, Waiting, static (feed, known) => feed.OnOutcomes(known));
        Hear(builder, Topics.OutcomeSimulated, Channels.Executions | Channels.Learning, Waiting, static (feed, known) => feed.OnOutcomes(known));
        Hear(builder, Topics.AccountChanged, Channels.Alerts, FewWaiting, static (feed, change) => feed.OnAccount(change));
        Hear(builder, Topics.ModelTrained, Channels.Learning, FewWaiting, static (feed, trained) => feed.OnTrained(trained));
        Hear(builder, Topics.ModelAssigned, Channels.Learning, FewWaiting, static (feed, assigned) => feed.OnAssigned(assigned));
    }

    /// <inheritdoc/>
    public void Dispose() => _second.Dispose();

    private static void Hear<T>(IHostApplicationBuilder builder, Topic<T> topic, Channels channels, int capacity, Action<StreamFeed, T> handle)
        where T : class =>
        builder.Subscribe(topic, _ => new Listener<StreamFeed, T>(
            (feed, message, _) =>
            {
                handle(feed, message);
                feed._hub.Send();
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Forget(capacity),
            Wants: feed => feed._hub.IsHeard(channels)));

    private void OnJudged(OpportunityJudged judged)
    {
        bool opportunities = _hub.IsHeard(Channels.Opportunities), predictions = _hub.IsHeard(Channels.Predictions);
        foreach (Decision decision in judged.Decisions)
        {
            if (opportunities && _opportunities.TryTake()) _hub.Publish(Channels.Opportunities, StreamType.Opportunity, decision, StreamRows.Opportunity);
            if (predictions && _predictions.TryTake()) _hub.Publish(Channels.Predictions, StreamType.Prediction, decision, StreamRows.Prediction);
        }
    }

    private void OnOutcomes(OutcomesKnown known)
    {
        foreach (Outcome outcome in known.Outcomes)
        {
            Channels channels = outcome.Lane == Lane.ShadowSim ? Channels.Executions | Channels.Learning : Channels.Executions;
            if (_hub.IsHeard(channels) && _executions.TryTake()) _hub.Publish(channels, StreamType.Execution, outcome, StreamRows.Execution);
        }
    }

    private void OnAccount(AccountChanged change) => _hub.Publish(Channels.Alerts, StreamType.Alert, change, StreamRows.Account);

    private void OnTrained(ModelTrained trained) => _hub.Publish(Channels.Learning, StreamType.Alert, (trained, _hub.UtcNow), StreamRows.Trained);

    private void OnAssigned(ModelAssigned assigned) => _hub.Publish(Channels.Learning, StreamType.Alert, (assigned, _hub.UtcNow), StreamRows.Assigned);

    private void EverySecond()
    {
        Tell(Channels.Opportunities, _opportunities);
        Tell(Channels.Predictions, _predictions);
        Tell(Channels.Executions, _executions);
        if (_hub.IsHeard(Channels.Metrics)) _ = TellMetricsAsync();
        _hub.Send();
    }

    // The overview, as /api/overview has it; nothing where no service of this process knows it.
    private async Task TellMetricsAsync()
    {
        try
        {
            OverviewView view = await _overview.ReadAsync(CancellationToken.None);
            _hub.Publish(Channels.Metrics, StreamType.Metrics, (view, _json), static (json, told) => JsonSerializer.Serialize(json, told.view, told._json));
        }
        catch (Exception e) when (e is UnansweredQueryException or AuditUnavailableException or ObjectDisposedException)
        {
            return;
        }
        _hub.Send();
    }

    private void Tell(Channels channel, Allowance allowance)
    {
        long omitted = allowance.TakeRefused();
        if (omitted == 0) return;
        string name = ChannelNames.In(channel).First();
        _meters.Omitted(name, omitted);
        _hub.Publish(channel, StreamType.Connection, (name, omitted, _hub.Settings.MessagesPerSecond), StreamRows.Omitted);
    }
}
