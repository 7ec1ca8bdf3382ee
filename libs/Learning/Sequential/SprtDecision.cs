namespace QuadTurbo.Learning.Sequential;

/// <summary>What a sequential probability ratio test says.</summary>
public enum SprtDecision
{
    /// <summary>More samples are needed.</summary>
    Continue,

    /// <summary>The null hypothesis holds.</summary>
    AcceptNull,

    /// <summary>The alternative holds.</summary>
    AcceptAlternative,
}
