using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;

namespace QuadTurbo.Inference.Serving;

/// <summary>One model that judges requests: the champion, or the challenger of an experiment.</summary>
/// <param name="Set">The model, as the roster has it.</param>
/// <param name="Scorer">What scores by it; it passed the warm-up.</param>
/// <param name="Why">Why it judges, in words.</param>
/// <param name="Since">Since when it has this role, UTC.</param>
/// <param name="Figures">How it has done in this role.</param>
internal sealed record Arm(ModelSet Set, RequestScorer Scorer, string Why, DateTime Since, ArmFigures Figures);
