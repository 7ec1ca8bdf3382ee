using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Hosting.Listening;

/// <summary>Ports of older programs that are served too (C12).</summary>
[SettingsSection("compat")]
public sealed record CompatSettings : IValidatableObject
{
    /// <summary>Predictions, models, docs and metrics.</summary>
    public const int ApiPort = 8000;

    /// <summary>Trade outcomes and model tracking.</summary>
    public const int EnginePort = 5000;

    /// <summary>The live stream.</summary>
    public const int StreamPort = 8765;

    /// <summary>The extra listeners.</summary>
    [Description("Extra ports on the same address: 8000 serves /predict, /models, /docs, /metrics and health at /; 5000 serves /api/trade_outcome and model tracking; 8765 serves the live stream at /stream and at /.")]
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Ports.Where(p => p is not (ApiPort or EnginePort or StreamPort)).Select(p => new ValidationResult($"{p} is not one of {ApiPort}, {EnginePort}, {StreamPort}", [nameof(Ports)]));
}
