using System.Text.Json.Nodes;
using QuadTurbo.Hosting.Settings;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>One thing that the demonstration shows.</summary>
/// <param name="Name">What <c>--step</c> calls it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="What">What it is for, in a sentence or two.</param>
/// <param name="ShowAsync">Shows it; answers what was seen, for <c>--json</c> and tests.</param>
internal sealed record DemoStep(string Name, string Title, string What, Func<DemoClient, CancellationToken, Task<JsonObject>> ShowAsync)
{
    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<DemoStep> All { get; } =
        [PredictStep.Step, AbTestStep.Step, StreamStep.Step, RetrainStep.Step, ProvidersStep.Step, VotesStep.Step];

    /// <summary>The steps that <c>--step</c> names: one, or all where it names none.</summary>
    /// <exception cref="BadInputException">There is no such step.</exception>
    public static IReadOnlyList<DemoStep> Named(string? name)
    {
        if (name is null) return All;
        string[] names = [.. All.Select(s => s.Name)];
        if (All.FirstOrDefault(s => s.Name == name) is { } step) return [step];
        string nearest = Nearest.To(name, names) ?? names[0];
        throw new BadInputException($"--step '{name}' is not one of {string.Join(", ", names)}; the nearest is '{nearest}'");
    }
}

/// <summary>A step did not see what it shows; the message says what it saw.</summary>
internal sealed class StepFailedException(string message) : Exception(message);
