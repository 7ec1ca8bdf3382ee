using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>An instrument in a message's table; its index is each process's own.</summary>
internal sealed record InstrumentEntry(string Venue, string Symbol, string Market, SizeUnit Unit, decimal ContractValue);

/// <summary>A model in a message's table.</summary>
internal sealed record ModelEntry(string Id, string Label, int Ordinal);

/// <summary>The content of a policy, whose hash names it.</summary>
internal sealed record PolicyContent(IReadOnlyList<GateDefinition> Gates, string Settings);

/// <summary>A scorer in a message's table.</summary>
internal sealed record ScorerEntry(ModelRef Model, string Trees, string Onnx, string Scope, string Provider, int GpuFrom);

/// <summary>A request for scores.</summary>
internal sealed record PredictionQuestion(double Threshold, bool UseGpu, ReadOnlyMemory<byte> Body, PredictionInput[] Inputs);

/// <summary>Its answer with the scores.</summary>
internal sealed record PredictionScores(PredictionAnswer Answer, PredictionResult[] Results);

/// <summary>The ledger's writer, with what it keeps from people's JSON.</summary>
internal sealed record WriterState(long LedgerPendingBytes, long ProjectionLagRecords, int Errors, string Integrity);

/// <summary>Why the registry does not.</summary>
internal sealed record RefusedAnswer(Refusal Reason, string Message, string? Field);

/// <summary>Rows, mean and mean of the absolute.</summary>
internal sealed record DifferenceEntry(long Rows, double Mean, double MeanAbsolute);

/// <summary>Quantiles 0.5, 0.95 and 0.99.</summary>
internal sealed record LatencyEntry(double P50, double P95, double P99);
