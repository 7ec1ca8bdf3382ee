namespace QuadTurbo.Learning.Calibration;

/// <summary>How one kind of calibrator did on rows that it was not fitted on.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="LogLoss">Weighted mean log-loss over the test rows of all folds, nats; NaN when it was left out.</param>
/// <param name="LeftOut">Why it was not tried; null when it was.</param>
public readonly record struct CandidateLoss(CalibratorKind Kind, double LogLoss, string? LeftOut);
