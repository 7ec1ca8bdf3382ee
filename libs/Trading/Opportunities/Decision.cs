using QuadTurbo.Trading.Models;

namespace QuadTurbo.Trading.Opportunities;

/// <summary>What the pre-validator said of one opportunity, and why.</summary>
public sealed record Decision
{
    /// <summary>What was judged.</summary>
    public required Opportunity Opportunity { get; init; }

    /// <summary>True when no gate that binds this kind of opportunity failed.</summary>
    public required bool Passed { get; init; }

    /// <summary>Every gate's answer, in the order of <see cref="Policy"/>.</summary>
    public required ReadOnlyMemory<GateResult> Gates { get; init; }

    /// <summary>The gates and limits that applied.</summary>
    public required GatePolicy Policy { get; init; }

    /// <summary>The score of <see cref="Model"/>, 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>The trained model's probability of a win; NaN before one is trained.</summary>
    public required double MetaLabel { get; init; }

    /// <summary>The model that scored it.</summary>
    public required ModelRef Model { get; init; }

    /// <summary>Place within the batch it was judged in, so that passed and refused ones can be put back in feed order.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Trace id of the opportunity.</summary>
    public OpportunityId Id => Opportunity.Id;

    /// <summary>The coded reasons of the gates that refused it, in gate order; empty when it passed.</summary>
    public IEnumerable<string> Reasons
    {
        get
        {
            for (int i = 0; i < Gates.Length; i++)
            {
                GateResult gate = Gates.Span[i];
                if (gate.State == GateState.Fail && Policy.Gates[i].Binds(Opportunity.Kind)) yield return Policy.Gates[i].ReasonOf(gate);
            }
        }
    }
}

/// <summary>The verdicts of one batch: the message of <c>opportunity.validated</c> and <c>opportunity.refused</c>.</summary>
/// <remarks>Both are sent for every batch, empty ones too, so that a lane knows how far judging has come.</remarks>
public sealed record OpportunityJudged
{
    /// <summary>Feed position of the batch; of a submission, its number.</summary>
    public required long Position { get; init; }

    /// <summary>The passed, or the refused, decisions of the batch in feed order.</summary>
    public required Decision[] Decisions { get; init; }

    /// <summary>How many detected opportunities have been judged, this batch included; compare MarketObserved.DetectedBefore.</summary>
    public required long JudgedThrough { get; init; }

    /// <summary>True for what a caller sent in.</summary>
    public bool Submitted { get; init; }
}
