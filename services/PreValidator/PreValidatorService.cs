using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.PreValidator.Scoring;
using QuadTurbo.PreValidator.Submissions;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator;

/// <summary>Lane 4: is it worth anyone's time?</summary>
public static class PreValidatorService
{
    /// <summary>Hears opportunity.detected; says opportunity.validated and opportunity.refused.</summary>
    public static Service Definition { get; } = new("pre-validator", Add, Map) { Settings = [typeof(PreValidatorSettings), typeof(GateSettings)], Recovery = Recovery.Replay };

    private static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(CreateValidator);
        builder.Services.AddSingleton<ServingModel>();
        builder.Services.AddSingleton<PreValidatorLane>();
        builder.Services.AddSingleton<SubmissionDesk>();
        builder.Subscribe(Topics.OpportunityDetected, sp => new Listener<PreValidatorLane, OpportunityDetected>(
            static (lane, batch, cancel) => lane.JudgeAsync(batch, cancel),
            QueuePolicy.Wait(sp.GetRequiredService<LaneSettings>().MaxQueueSize)));
        builder.Subscribe(Topics.ModelAssigned, _ => new Listener<ServingModel, ModelAssigned>(
            static (serving, assigned, _) =>
            {
                serving.Assign(assigned);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.Wait(16)));
        builder.Subscribe(Topics.DecisionsCommitted, _ => new Listener<SubmissionDesk, DecisionsCommitted>(
            static (desk, committed, _) =>
            {
                desk.Committed(committed);
                return ValueTask.CompletedTask;
            },
            QueuePolicy.DropOldest(SubmissionDesk.MostWaiting)));
        builder.Subscribe(Topics.OpportunityValidated, _ => SubmissionDesk.Verdicts);
        builder.Subscribe(Topics.OpportunityRefused, _ => SubmissionDesk.Verdicts);
    }

    private static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/opportunities", SubmissionDesk.PostAsync)
            .Produces<OpportunityPacket>(StatusCodes.Status202Accepted)
            .Produces<OpportunityPacket>(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout)
            .WithSummary("Judges one opportunity as if it had been detected: 202 passed, 422 refused.");

    private static Validator CreateValidator(IServiceProvider services)
    {
        LaneSettings lanes = services.GetRequiredService<LaneSettings>();
        if (!lanes.EnablePrevalidation && lanes.EnableProduction)
        {
            throw new SettingsException(
                [new("lanes.enablePrevalidation", "false is not allowed while lanes.enableProduction is true: pre-validation cannot be bypassed (C3)")]);
        }
        return new Validator(
            services.GetRequiredService<PreValidatorSettings>(), services.GetRequiredService<GateSettings>(), services.GetServices<CustomRule>(),
            lanes.EnablePrevalidation);
    }
}
