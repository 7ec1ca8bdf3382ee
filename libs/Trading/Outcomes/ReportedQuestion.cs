using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Outcomes;

/// <summary>Asks whether a trade of another program was learnt from.</summary>
/// <param name="Trade">What <see cref="OutcomeReported.Id"/> says of it.</param>
public readonly record struct ReportedQuestion(OpportunityId Trade);

/// <summary>What was learnt from.</summary>
/// <param name="Digest"><see cref="OutcomeReported.Digest"/> of the report; null when the trade is not known.</param>
public readonly record struct ReportedAnswer(UInt128? Digest);
