using QuadTurbo.Scoring;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator.Rules;

/// <summary>What a gate looks at.</summary>
/// <param name="Opportunity">The opportunity.</param>
/// <param name="Answer">What the serving model says of it.</param>
public readonly record struct Candidate(Opportunity Opportunity, ModelAnswer Answer);

/// <summary>One gate's question.</summary>
public delegate GateResult GateCheck(in Candidate candidate);

/// <summary>A gate: what it is to the world, and its question.</summary>
/// <param name="Definition">Name, measure and binding.</param>
/// <param name="Check">The question; it does not allocate.</param>
public sealed record Gate(GateDefinition Definition, GateCheck Check);
