namespace QuadTurbo.Learning.Metrics;

/// <summary>An AUC and how sure it is; see <see cref="DeLong"/>.</summary>
/// <param name="Auc">NaN when a class is absent.</param>
/// <param name="StandardError">NaN when a class has fewer than two samples; 0 of a perfect ranking, of which it then says nothing.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public readonly record struct AucEstimate(double Auc, double StandardError, double Low, double High);
