using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Training.Dataset;

/// <summary>One sample to learn from: what was known at the decision, and what became of it.</summary>
/// <param name="Decision">Features and score are the ones of decision time.</param>
/// <param name="Lane">The lane whose trade is the label.</param>
/// <param name="Trade">The filled trade.</param>
public sealed record LabelledSample(Decision Decision, Lane Lane, Trade Trade);
