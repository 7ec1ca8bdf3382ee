namespace QuadTurbo.Trading.Models;

/// <summary>A call of MLflow's registry interface, as it came [REG-12].</summary>
/// <param name="Method">Which one: <c>model-versions/get</c>.</param>
/// <param name="Arguments">A JSON object: the body, or the values of the query.</param>
public sealed record MlflowCall(string Method, ReadOnlyMemory<byte> Arguments);
