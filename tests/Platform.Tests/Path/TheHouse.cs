using QuadTurbo.Auditor;
using QuadTurbo.Gateway;
using QuadTurbo.Hosting;
using QuadTurbo.Inference;
using QuadTurbo.MarketData;
using QuadTurbo.PreValidator;
using QuadTurbo.Production;
using QuadTurbo.Registry;
using QuadTurbo.Shadow;
using QuadTurbo.Training;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>The services as Program.cs lists them; that it does is an architecture test.</summary>
internal static class TheHouse
{
    /// <summary>All of them, in path order.</summary>
    public static IReadOnlyList<Service> Services { get; } =
    [
        MarketDataService.Definition,
        PreValidatorService.Definition,
        ProductionService.Definition,
        ShadowService.Definition,
        TrainingService.Definition,
        AuditorService.Definition,
        RegistryService.Definition,
        InferenceService.Definition,
        GatewayService.Definition,
    ];
}
