using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Stories;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>why ID</c>: one decision from the ledger, and what would have turned it.</summary>
internal static class WhyCommand
{
    private const int Listed = 10;

    public static Command Create()
    {
        var id = new Argument<string?>("ID")
        {
            Description = $"The opportunity: 32 hex digits, or its first 4 and more. Without it, the last {Listed} decisions are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var command = new Command(
            "why",
            "Explain one decision from the ledger: what was seen, every gate with its value and limit, what each lane made of it, and the nearest change that flips it.\n\n"
            + "Exit codes: 0 done, 2 an unknown or ambiguous ID.\n\nExample: quadturbo why 3f2a91c4 --data-dir data/run")
        {
            id, dataDirectory, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string directory = DataDirectory.ToRead(parsed.GetValue(dataDirectory));
            JsonNode told = parsed.GetValue(id) is { } wanted ? Tell(Find(directory, wanted)) : List(DecisionStory.Last(directory, Listed));
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), told);
            return CommandLine.Done;
        });
        return command;
    }

    private static DecisionStory Find(string directory, string wanted)
    {
        try
        {
            return DecisionStory.Find(directory, wanted);
        }
        catch (UnknownStoryException e)
        {
            throw new BadInputException(e.Message);
        }
    }

    private static JsonObject Tell(DecisionStory story)
    {
        foreach (string line in StoryText.Of(story)) CommandLine.Say(line.TrimEnd());
        return StoryJson.Of(story);
    }

    private static JsonArray List(IReadOnlyCollection<DecisionStory> stories)
    {
        if (stories.Count == 0) CommandLine.Say("the ledger holds no decision yet");
        foreach (DecisionStory story in stories) CommandLine.Say(StoryText.Line(story));
        return [.. stories.Select(StoryJson.Of)];
    }
}
