using System.CommandLine;
using QuadTurbo.Gateway.Security;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>keys create NAME | list | revoke NAME</c>: who may change state by HTTP .</summary>
internal static class KeysCommand
{
    public static Command Create() =>
        new("keys", "Make, list and revoke API keys; a running process follows at its next request. On loopback a key is optional until there is one; elsewhere 'run' wants one.")
        {
            Make(),
            List(),
            Revoke(),
        };

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "What to call it: letters, digits, '.', '-', '_'." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        var command = new Command(
            "create", "Make a key and print it, this once: only its hash is kept. Callers send it in the header X-Api-Key.\n\nExample: quadturbo keys create desk") { name, dataDirectory };
        command.SetAction(parsed =>
        {
            try
            {
                CommandLine.Say(Of(parsed.GetValue(dataDirectory)).Create(parsed.GetValue(name)!, TimeProvider.System));
                return CommandLine.Done;
            }
            catch (ArgumentException e)
            {
                throw new BadInputException(BadInputException.Plain(e));
            }
        });
        return command;
    }

    private static Command List()
    {
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        var command = new Command("list", "Every key: its name and when it was made.") { dataDirectory };
        command.SetAction(parsed =>
        {
            IReadOnlyList<ApiKey> keys = Of(parsed.GetValue(dataDirectory)).Read();
            foreach (ApiKey key in keys) CommandLine.Say($"{key.Name,-24}{key.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC");
            if (keys.Count == 0) CommandLine.Say("no keys");
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var name = new Argument<string>("NAME") { Description = "Which key." };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        var command = new Command("revoke", "Forget a key: it is refused from the next request on.") { name, dataDirectory };
        command.SetAction(parsed =>
        {
            ApiKeyFile file = Of(parsed.GetValue(dataDirectory));
            if (!file.Revoke(parsed.GetValue(name)!)) throw new BadInputException($"there is no key '{parsed.GetValue(name)}' in '{file.Path}'");
            CommandLine.Say($"revoked '{parsed.GetValue(name)}'");
            return CommandLine.Done;
        });
        return command;
    }

    private static ApiKeyFile Of(string? dataDirectory) => new(DataDirectory.ForRun(dataDirectory));
}
