namespace QuadTurbo.Trading.Models;

/// <summary>Asks the registry what was live, and what was decided.</summary>
/// <param name="ModelType"><c>meta_label</c>, <c>xgboost</c> and so on.</param>
/// <param name="At">What was live at this instant, UTC; null for now, with the decisions that led there.</param>
/// <param name="Most">Most decisions, the latest; without <paramref name="At"/>.</param>
public sealed record HistoryQuestion(string ModelType, DateTime? At, int Most);
