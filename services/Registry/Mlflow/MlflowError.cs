using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Mlflow;

/// <summary>A refusal as MLflow's clients read it: the body of an answer that is not 200.</summary>
/// <param name="ErrorCode">Such as <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
/// <param name="Message">In words.</param>
public sealed record MlflowError(string ErrorCode, string Message)
{
    /// <summary>The HTTP status and the body of a refusal.</summary>
    /// <exception cref="ArgumentException">The exception is no refusal.</exception>
    public static (int Status, MlflowError Body) Of(Exception refusal) => refusal switch
    {
        RegistryRefusedException { Reason: Refusal.NotFound } => (404, new MlflowError("RESOURCE_DOES_NOT_EXIST", refusal.Message)),
        RegistryRefusedException { Reason: Refusal.Conflict } => (400, new MlflowError("RESOURCE_ALREADY_EXISTS", refusal.Message)),
        RegistryRefusedException { Reason: Refusal.NotKept } => (503, new MlflowError("TEMPORARILY_UNAVAILABLE", refusal.Message)),
        RegistryRefusedException { Reason: Refusal.Damaged } => (503, new MlflowError("DATA_LOSS", refusal.Message)),
        RegistryRefusedException or ModelRefusedException => (400, new MlflowError("INVALID_PARAMETER_VALUE", refusal.Message)),
        _ => throw new ArgumentException($"{refusal?.GetType().Name} is no refusal", nameof(refusal)),
    };
}
