using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Inference.Serving;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference;

/// <summary>Scores for the outside world: the model that the path uses, in batches.</summary>
public static class InferenceService
{
    /// <summary>Hears model.assigned; answers inference.score and inference.serving.</summary>
    public static Service Definition { get; } = new("inference", Add, Map);

    // A run that serves nobody (a replay) is spared the loading of models that nobody can ask.
    private static void Add(IHostApplicationBuilder builder)
    {
        if (builder is not WebApplicationBuilder) return;
        builder.Services.AddSingleton<SecondOpinions>();
        builder.Services.AddHostedService(static sp => sp.GetRequiredService<SecondOpinions>());
        builder.Services.AddSingleton<InferenceModel>();
        builder.Services.AddHealthCheck<InferenceModel>("inference", static model => model.Health);
        builder.Subscribe(Topics.ModelAssigned, _ => new Listener<InferenceModel, ModelAssigned>(
            static (model, assigned, _) => model.AssignAsync(assigned),
            QueuePolicy.Wait(16)));
        builder.Answer(Queries.ScorePredictions, static (InferenceModel model, PredictionBatch batch, CancellationToken _) => ValueTask.FromResult(model.Score(batch)));
        builder.Answer(Queries.Serving, static (InferenceModel model, ServingQuestion _, CancellationToken _) => ValueTask.FromResult(model.Status()));
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
    }
}
