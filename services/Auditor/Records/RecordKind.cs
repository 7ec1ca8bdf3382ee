namespace QuadTurbo.Auditor.Records;

/// <summary>What a ledger record is. Numbers are never reused.</summary>
public enum RecordKind : ushort
{
    /// <summary>A platform run began; JSON.</summary>
    SessionOpened = 1,

    /// <summary>The gates and limits of the decisions that follow; JSON.</summary>
    Policy = 2,

    /// <summary>An instrument that later records name by number; JSON.</summary>
    Instrument = 3,

    /// <summary>A trained model with its bytes.</summary>
    Model = 4,

    /// <summary>A decision: the opportunity, its features, every gate, the score.</summary>
    Decision = 5,

    /// <summary>An outcome of one lane.</summary>
    Outcome = 6,

    /// <summary>The account's guard changed; JSON.</summary>
    Account = 7,

    /// <summary>What the feed was; JSON.</summary>
    Feed = 8,

    /// <summary>What a model judges from now on.</summary>
    Assignment = 9,

    /// <summary>A model that later decisions name by number; JSON.</summary>
    ModelName = 10,

    /// <summary>All samples of one batch that lane 3 recorded.</summary>
    Recorded = 11,

    /// <summary>The bytes of a model that serves without having been trained here, before its assignment.</summary>
    Package = 12,
}
