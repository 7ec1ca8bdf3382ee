namespace QuadTurbo.Learning.Drift;

/// <summary>A test of one's own: compares a window with the reference of its column.</summary>
/// <param name="reference">The column as it was.</param>
/// <param name="window">In order of arrival; NaN is missing.</param>
/// <returns>A figure of any unit, and whether it means drift. An exception ends the check that called it.</returns>
public delegate (double Statistic, bool IsDrift) DriftTest(ReferenceColumn reference, ReadOnlySpan<double> window);
