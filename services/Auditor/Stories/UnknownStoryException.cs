namespace QuadTurbo.Auditor.Stories;

/// <summary>No decision, or more than one, is what was asked for; the message says which are near.</summary>
public sealed class UnknownStoryException(string message) : Exception(message);
