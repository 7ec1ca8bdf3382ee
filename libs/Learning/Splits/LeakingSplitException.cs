namespace QuadTurbo.Learning.Splits;

/// <summary>A split was refused: a training row would tell of a test row.</summary>
/// <param name="message">What leaks.</param>
/// <param name="trainRow">The training row.</param>
/// <param name="testRow">The test row that it tells of.</param>
public sealed class LeakingSplitException(string message, int trainRow, int testRow) : ArgumentException(message)
{
    /// <summary>The training row.</summary>
    public int TrainRow { get; } = trainRow;

    /// <summary>The test row that it tells of.</summary>
    public int TestRow { get; } = testRow;
}
