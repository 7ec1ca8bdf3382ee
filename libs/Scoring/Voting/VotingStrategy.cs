namespace QuadTurbo.Scoring.Voting;

/// <summary>How the members of an ensemble become one score.</summary>
public enum VotingStrategy
{
    /// <summary>The weighted mean: for every day [ENS-01].</summary>
    Weighted,

    /// <summary>The score of the surest member of a strict majority: for high volume [ENS-02].</summary>
    Majority,

    /// <summary>The weighted mean if all agree, or else no trade: for large capital [ENS-03].</summary>
    Unanimous,
}
