namespace QuadTurbo.Scoring;

/// <summary>What a model says of one opportunity.</summary>
/// <param name="Score">0 to 1; NaN when an input that it cannot do without is missing.</param>
/// <param name="MetaLabel">The score of a trained head, which is a win probability; NaN for a prior, whose score is none.</param>
/// <param name="Confidence">How sure its calibration sample lets it be, 0 to 1: 1 − the width of the Venn-Abers interval; NaN for a head that has none.</param>
public readonly record struct ModelAnswer(double Score, double MetaLabel, double Confidence);
