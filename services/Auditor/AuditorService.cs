using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Auditor.Alerts;
using QuadTurbo.Auditor.Answers;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Projections;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Auditor;

/// <summary>Did what we say happened happen?</summary>
public static class AuditorService
{
    private const int Capacity = 20_000;

    /// <summary>Hears everything; says outcome.reconciled, account.restored and decision.committed.</summary>
    public static Service Definition { get; } = new("auditor", Add, static _ => { });

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(sp =>
            LedgerWriter.Open(sp.GetRequiredService<AuditRun>().DataDirectory, new LedgerOptions(), TimeProvider.System));
        builder.Services.AddSingleton<AuditorLane>();
        builder.Services.AddSingleton(static sp => new EffectsOnDisk(cancel => Durable(sp.GetRequiredService<LedgerWriter>(), cancel)));
        builder.Services.AddHostedService<AuditorStart>();
        builder.Services.AddHostedService<AlertWatch>();
        builder.Services.AddSingleton<TableFile>();
        builder.Services.AddSingleton<Projector>();
        builder.Services.AddHostedService(sp => sp.GetRequiredService<Projector>());
        AddAnswers(builder);
        builder.Services.AddHealthCheck<LedgerWriter>("ledger", static ledger => ledger.State switch
        {
            LedgerState.Healthy => HealthReading.Healthy,
            LedgerState.Failed => HealthReading.Unhealthy(ledger.Why ?? "failed"),
            _ => HealthReading.Unhealthy($"{ledger.State}: {ledger.Why}; nothing is acknowledged until it is on disk"),
        });
        builder.Services.AddHealthCheck<TableFile>("tables", static tables => tables.Health);
        builder.Services.AddSingleton<WriterDesk>();
        builder.Answer(Queries.Figures, static (AuditorLane auditor, FiguresQuestion _, CancellationToken _) =>
            ValueTask.FromResult(auditor.Read(static audit => audit.Figures.Read(audit.Judged, audit.Conservation.Outcomes))));
        builder.Answer(Queries.Writers, static (WriterDesk desk, WriterQuestion _, CancellationToken _) => ValueTask.FromResult(desk.Read()));
        builder.Answer(Queries.Durable, static (AuditorLane auditor, DurableQuestion asked, CancellationToken cancel) => auditor.Durable.AnswerAsync(asked, cancel));
        Hear(builder, Topics.OpportunityValidated, static (auditor, judged) => auditor.OnValidated(judged), static (auditor, _) => auditor.ReadyForValidated);
        Hear(builder, Topics.OpportunityRefused, static (auditor, judged) => auditor.OnRefused(judged), static (auditor, judged) => auditor.ReadyForRefused(judged));
        Outcomes(builder, Topics.OutcomeExecuted);
        Outcomes(builder, Topics.OutcomeSimulated);
        Outcomes(builder, Topics.OutcomeRecorded);
        Hear(builder, Topics.FeedReported, static (auditor, report) => auditor.OnFeed(report));
        Hear(builder, Topics.AccountChanged, static (auditor, change) => auditor.OnAccount(change), static (auditor, _) => auditor.IsOpen);
        Hear(builder, Topics.ModelTrained, static (auditor, trained) => auditor.OnTrained(trained), static (auditor, _) => auditor.IsOpen);
        Hear(builder, Topics.ModelAssigned, static (auditor, assigned) => auditor.OnAssigned(assigned), static (auditor, _) => auditor.IsOpen);
    }

    private static Task Durable(LedgerWriter ledger, CancellationToken cancel) =>
        ledger.NextSequence == 0 ? Task.CompletedTask : ledger.WaitForCommit(ledger.NextSequence - 1, cancel);

    private static void AddAnswers(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DecisionReader>();
        builder.Services.AddSingleton(static sp => new AuditorPulse(sp.GetRequiredService<AuditorLane>(), sp.GetRequiredService<LedgerWriter>(), TimeProvider.System));
        builder.Services.AddSingleton<AuditorAnswers>();
        // A run that serves nobody is asked for no rates.
        if (builder is WebApplicationBuilder) builder.Services.AddHostedService(static sp => sp.GetRequiredService<AuditorPulse>());
        Answer<AuditQuestion, AuditView>(builder, Queries.Audit, static (auditor, _) => auditor.Audit());
        Answer<GraduationQuestion, GraduationFacts>(builder, Queries.Graduation, static (auditor, _) => auditor.Graduation());
        Answer<EquityQuestion, EquityView>(builder, Queries.Equity, static (auditor, asked) => auditor.Equity(asked.Points));
        Answer<OpportunitiesQuestion, OpportunityPage>(builder, Queries.Opportunities, static (auditor, asked) => auditor.Opportunities(asked));
        Answer<PageQuestion, LifePage>(builder, Queries.RecentLives, static (auditor, asked) => auditor.Recent(asked));
        Answer<StoryQuestion, Sought<OpportunityLife>>(builder, Queries.OpportunityLife, static (auditor, asked) => auditor.Life(asked.Id));
        Answer<StoryQuestion, Sought<System.Text.Json.Nodes.JsonObject>>(builder, Queries.Why, static (auditor, asked) => auditor.Why(asked.Id));
        Answer<GatesQuestion, GateCourtView>(builder, Queries.Gates, static (auditor, _) => auditor.Gates());
        Answer<PageQuestion, TwinsView>(builder, Queries.Twins, static (auditor, asked) => auditor.Twins(asked));
        Answer<MatrixQuestion, ExecutionMatrixView>(builder, Queries.ExecutionMatrix, static (auditor, _) => auditor.Matrix());
    }

    private static void Answer<TQuestion, TAnswer>(IHostApplicationBuilder builder, Query<TQuestion, TAnswer> query, Func<AuditorAnswers, TQuestion, TAnswer> answer) =>
        builder.Answer<AuditorAnswers, TQuestion, TAnswer>(query, (auditor, asked, _) => ValueTask.FromResult(answer(auditor, asked)));

    private static void Hear<TMessage>(
        IHostApplicationBuilder builder, Topic<TMessage> topic, Action<AuditorLane, TMessage> handle, Func<AuditorLane, TMessage, bool>? ready = null)
        where TMessage : class =>
        builder.Subscribe(topic, _ => new Listener<AuditorLane, TMessage>(
            (auditor, message, _) =>
            {
                handle(auditor, message);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(Capacity), ready));

    private static void Outcomes(IHostApplicationBuilder builder, Topic<OutcomesKnown> topic) =>
        builder.Subscribe(topic, static _ => new Listener<AuditorLane, OutcomesKnown>(
            static (auditor, known, cancel) => auditor.OnOutcomesAsync(known, cancel),
            QueuePolicy.Wait(Capacity), static (auditor, known) => auditor.ReadyFor(known)));
}
