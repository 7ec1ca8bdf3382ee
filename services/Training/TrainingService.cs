using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training.Cycle;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;
using QuadTurbo.Training.Triggers;
using QuadTurbo.Training.Views;

namespace QuadTurbo.Training;

/// <summary>Lane 3: learn from everything.</summary>
public static class TrainingService
{
    /// <summary>Hears verdicts and outcomes; says outcome.recorded, model.trained and model.assigned.</summary>
    public static Service Definition { get; } = new("training", Add, Map) { Settings = [typeof(TrainingSettings), typeof(TriggerSettings), typeof(BoostingSettings)] };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TriggerEngine>();
        builder.Services.AddSingleton<RetrainSlot>();
        builder.Services.AddSingleton(static sp => new FullRetrain(
            sp.GetRequiredService<TrainingSettings>(),
            StoredBoosting.Over(sp.GetRequiredService<BoostingSettings>(), sp.GetRequiredService<ServiceHostOptions>().DataDirectory)));
        builder.Services.AddSingleton<ModelPublisher>();
        builder.Services.AddSingleton<Diary>();
        builder.Services.AddSingleton<TrainingLane>();
        builder.Services.AddHostedService<LearnerKeeper>();
        builder.Services.AddHealthCheck<TrainingLane>("versions", static lane =>
            lane.KnowsVersions ? HealthReading.Healthy : HealthReading.Unknown("the registry has not said which versions there are: nothing is learnt, and labels wait"));
        builder.Answer(Queries.Learning, static (TrainingLane lane, LearningQuestion _, CancellationToken _) => ValueTask.FromResult(lane.View()));
        builder.Answer(Queries.Learners, static (TrainingLane lane, LearnersQuestion _, CancellationToken _) => ValueTask.FromResult(lane.Learners()));
        builder.Answer(Queries.Train, static (TrainingLane lane, TrainNow asked, CancellationToken _) => ValueTask.FromResult(lane.Begin(asked)));
        builder.Answer(Queries.Reported, static (TrainingLane lane, ReportedQuestion asked, CancellationToken _) => ValueTask.FromResult(lane.Reported(asked)));
        builder.Answer(Queries.Readiness, static (TrainingLane _, ReadinessQuestion _, CancellationToken _) => ValueTask.FromResult(LearningViews.Readiness));
        builder.Subscribe(Topics.MarketObserved, static sp => new Listener<TrainingLane, MarketObserved>(
            static (lane, market, cancel) => lane.AdvanceAsync(market, cancel), Bound(sp), static (lane, _) => lane.KnowsVersions,
            Dropped: static (_, _, _) => ValueTask.CompletedTask));
        builder.Subscribe(Topics.ModelAssigned, static sp => new Listener<TrainingLane, ModelAssigned>(
            static (lane, assigned, cancel) => lane.ServeAsync(assigned, cancel), Bound(sp)));
        Verdicts(builder, Topics.OpportunityValidated);
        Verdicts(builder, Topics.OpportunityRefused);
        Labels(builder, Topics.OutcomeSimulated);
        Labels(builder, Topics.OutcomeExecuted);
        builder.Subscribe(Topics.OutcomeReported, static sp => new Listener<TrainingLane, OutcomeReported>(
            static (lane, reported, cancel) => lane.LearnReportedAsync(reported, cancel), Bound(sp), static (lane, _) => lane.KnowsVersions,
            Dropped: static (_, _, _) =>
            {
                TrainingLane.LabelsDropped.Add(1);
                return ValueTask.CompletedTask;
            }));
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/training", static (TrainingLane lane) => TypedResults.Ok(TrainingPage.Of(lane.Explain())))
            .WithSummary("Every trigger, what it measured and what it waits for.");
        routes.MapGet("/api/training/nights", static (Diary diary) => TypedResults.Ok(diary.Nights.Select(NightPage.Of).ToArray()))
            .WithSummary("Every nightly cycle and what became of it.");
        routes.MapGet("/api/training/figures", static (Diary diary) => TypedResults.Ok(diary.Figures))
            .WithSummary("How learning went, over time.");
        routes.MapPost("/api/training/retrain", static async (TrainingLane lane, ITransport transport, HttpRequest request, CancellationToken cancel) =>
        {
            try
            {
                await CommandBody.ReadNoneAsync(request, cancel);
            }
            catch (RequestRefusedException e)
            {
                return FieldProblem.Of(e);
            }
            if (await Durability.WhyNotAsync(transport, cancel: cancel) is { } unwritable)
                return Durability.NotKept($"no version is made: it would not be kept: {unwritable}");
            (ModelRef? model, string why) = await lane.RetrainAsync(cancel);
            return model is null ? Results.Problem(why, statusCode: StatusCodes.Status409Conflict) : Results.Json(model);
        })
            .Produces<ModelRef>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Makes a new model version now; 409 when there is nothing to make it from.");
    }

    private static void Verdicts(IHostApplicationBuilder builder, Topic<OpportunityJudged> topic) =>
        builder.Subscribe(topic, static sp => new Listener<TrainingLane, OpportunityJudged>(
            static (lane, judged, cancel) => lane.RecordAsync(judged, MissCode.None, cancel), Bound(sp),
            Dropped: static (lane, judged, cancel) => lane.RecordAsync(judged, MissCode.Full, cancel)));

    private static void Labels(IHostApplicationBuilder builder, Topic<OutcomesKnown> topic) =>
        builder.Subscribe(topic, static sp => new Listener<TrainingLane, OutcomesKnown>(
            static (lane, known, cancel) => lane.LearnAsync(known, cancel), Bound(sp), static (lane, _) => lane.KnowsVersions,
            Dropped: static (_, known, _) =>
            {
                TrainingLane.LabelsDropped.Add(known.Outcomes.Length);
                return ValueTask.CompletedTask;
            }));

    private static QueuePolicy Bound(IServiceProvider services)
    {
        LaneSettings lanes = services.GetRequiredService<LaneSettings>();
        return QueuePolicy.WaitWithin(lanes.MaxQueueSize, lanes.QueueWait);
    }
}
