using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;

namespace QuadTurbo.Inference;

/// <summary>Scores for the outside world: the model set that the path uses, in batches.</summary>
public static class InferenceService
{
    /// <summary>Hears model.assigned; answers predictions.score.</summary>
    public static Service Definition { get; } = new("inference", Add, Map);

    private static void Add(IHostApplicationBuilder builder)
    {
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
    }
}
