namespace QuadTurbo.Learning.Drift;

/// <summary>What a custom test said of a column.</summary>
/// <param name="Test">Name it was added under.</param>
/// <param name="Statistic">Its figure.</param>
/// <param name="IsDrift">Whether it calls that drift.</param>
public readonly record struct CustomDrift(string Test, double Statistic, bool IsDrift);
