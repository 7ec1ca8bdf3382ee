namespace QuadTurbo.Learning.Search;

/// <summary>What the values of a parameter are.</summary>
public enum ParameterKind
{
    /// <summary>Any number between the limits.</summary>
    Real,

    /// <summary>A whole number between the limits.</summary>
    Whole,

    /// <summary>One of several names, given as its position.</summary>
    Choice,
}
