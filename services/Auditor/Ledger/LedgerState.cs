namespace QuadTurbo.Auditor.Ledger;

/// <summary>Whether the ledger can promise durability.</summary>
public enum LedgerState
{
    /// <summary>Appends are committed as they come.</summary>
    Healthy,

    /// <summary>The disk ran full and the reserve is given up: what comes in is still committed, into the last of the space.</summary>
    Reserve,

    /// <summary>The disk is full: nothing is acknowledged until there is space; the ledger tries again by itself.</summary>
    Full,

    /// <summary>The disk failed: nothing more is acknowledged by this process.</summary>
    Failed,
}
