namespace QuadTurbo.Learning.Boosting;

/// <summary>An ensemble and how it came about.</summary>
/// <param name="Ensemble">The trees that were kept.</param>
/// <param name="Rounds">Trees that were grown, those dropped again included.</param>
/// <param name="BestRound">New trees that were kept: all, or with early stopping as many as gave the least validation loss; 0 if none bettered the start.</param>
/// <param name="TrainLoss">Weighted mean loss on the training rows after each round; empty unless asked for.</param>
/// <param name="ValidationLoss">The same on the validation rows; empty without them.</param>
/// <remarks>The loss is −log likelihood [nat], the squared error, or the pinball loss.</remarks>
public sealed record BoostingReport(
    TreeEnsemble Ensemble, int Rounds, int BestRound, IReadOnlyList<double> TrainLoss, IReadOnlyList<double> ValidationLoss);
