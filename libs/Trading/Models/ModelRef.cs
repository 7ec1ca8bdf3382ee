namespace QuadTurbo.Trading.Models;

/// <summary>A model's three names; any of them resolves.</summary>
/// <param name="Id">Identity: <c>sha256:</c> and the hex of its bytes.</param>
/// <param name="Label">Semantic version, <c>v0.1.0</c>.</param>
/// <param name="Ordinal">Running number: v<i>N</i>; 0 for the baseline.</param>
public sealed record ModelRef(string Id, string Label, int Ordinal)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Label} (v{Ordinal}, {(Id.Length > 19 ? Id[..19] : Id)})";
}

/// <summary>A model that training has finished: the message <c>model.trained</c>.</summary>
public sealed record ModelTrained
{
    /// <summary>Its names.</summary>
    public required ModelRef Model { get; init; }

    /// <summary>The package's canonical bytes; their hash is the identity.</summary>
    public required ReadOnlyMemory<byte> Package { get; init; }

    /// <summary>Which trigger fired: <c>samples</c>, <c>performance</c>, <c>manual</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Labelled samples that it has seen.</summary>
    public required long Samples { get; init; }

    /// <summary>Prequential accuracy at 0.5, over the scored samples so far; NaN when there are none.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Prequential area under the ROC curve; NaN before both classes were seen.</summary>
    public required double Auc { get; init; }

    /// <summary>Prequential log-loss, nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Log-loss of the baseline on the same samples, nats.</summary>
    public required double BaselineLogLoss { get; init; }

    /// <summary>The last instant that training had seen, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>Whether it could judge opportunities: not what foretells something else, nor what the ledger cannot hold. Others are not in the ledger.</summary>
    public bool Judges { get; init; } = true;

    /// <summary>Whether it passed what is asked of a model before it may judge; not kept in the ledger, where an assignment says it.</summary>
    public bool Ready { get; init; }

    /// <summary>Why it is ready, or why not, in words; not kept in the ledger.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>Identity of the version that it is, with another calibrator; null for any other. Not kept in the ledger.</summary>
    public string? Recalibrates { get; init; }
}

/// <summary>What a model judges from now on: the message <c>model.assigned</c>.</summary>
/// <remarks>
/// A share of 1 makes it the champion, and ends whatever experiment there was. A share below 1 makes it the challenger that judges that share beside
/// the champion; a share of 0 withdraws it.
/// </remarks>
public sealed record ModelAssigned
{
    /// <summary>The share of everything.</summary>
    public const double All = 1;

    /// <summary>Its names.</summary>
    public required ModelRef Model { get; init; }

    /// <summary>The package's canonical bytes.</summary>
    public required ReadOnlyMemory<byte> Package { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }

    /// <summary>Share of the opportunities that it judges, 0 to 1.</summary>
    public double Share { get; init; } = All;
}

/// <summary>Asks the registry for the highest ordinal of a version of the path; 0 of none.</summary>
public readonly record struct LastOrdinalQuestion;
