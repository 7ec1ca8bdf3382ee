using QuadTurbo.Auditor;
using QuadTurbo.Gateway;
using QuadTurbo.Inference;
using QuadTurbo.MarketData;
using QuadTurbo.Platform.Commands;
using QuadTurbo.PreValidator;
using QuadTurbo.Production;
using QuadTurbo.Registry;
using QuadTurbo.Shadow;
using QuadTurbo.Training;

return await CommandLine.RunAsync(
    args,
    MarketDataService.Definition,      // market.observed, opportunity.detected
    PreValidatorService.Definition,    // opportunity.validated | opportunity.refused
    ProductionService.Definition,      // outcome.executed
    ShadowService.Definition,          // outcome.simulated
    TrainingService.Definition,        // outcome.recorded, model.trained
    AuditorService.Definition,         // outcome.reconciled
    RegistryService.Definition,        // model.assigned
    InferenceService.Definition,
    GatewayService.Definition);
