using System.CommandLine;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.MarketData.Feeds;
using QuadTurbo.Platform.Commands.Demo;
using QuadTurbo.Platform.Commands.Models;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using Spectre.Console;

namespace QuadTurbo.Platform.Commands;

/// <summary>The command line. Exit codes: 0 done, 1 damage or a finding, 2 bad input.</summary>
internal static class CommandLine
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Damage or a finding.</summary>
    public const int Finding = 1;

    /// <summary>Bad input.</summary>
    public const int BadInput = 2;

    /// <summary>Runs one command over <paramref name="services"/>.</summary>
    public static async Task<int> RunAsync(string[] args, params Service[] services)
    {
        var root = new RootCommand(
            "QuadTurbo: four lanes on every opportunity. A pre-validator judges it, production trades it (on paper), shadow simulates it, training learns from it.\n\n"
            + "Exit codes: 0 done, 1 damage or a finding, 2 bad input.")
        {
            RunCommand.Create(services),
            ServiceCommand.Create(services),
            DemoCommand.Create(services),
            ReplayCommand.Create(services),
            WhyCommand.Create(),
            ExportCommand.Create(),
            RetrainCommand.Create(),
            TrainingCommand.Create(services),
            TrainCommand.Create(services),
            ModelsCommand.Create(),
            EvaluateCommand.Create(),
            DriftCommand.Create(),
            ConfigCommand.Create(services),
            DoctorCommand.Create(services),
            KeysCommand.Create(),
            ReportCommand.Create(),
            VerifyCommand.Create(),
            BenchCommand.Create(services),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Try --help.");
            return BadInput;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            foreach (string line in explained.Lines) await Console.Error.WriteLineAsync(line);
            return explained.ExitCode;
        }
    }

    /// <summary>Writes a line to the console as it is, without markup.</summary>
    /// <remarks>Control characters, which a feed or a caller may have put into a name, are shown as '?'.</remarks>
    public static void Say(string text = "") =>
        AnsiConsole.Console.Profile.Out.Writer.WriteLine(string.Create(text.Length, text, static (shown, given) =>
        {
            for (int i = 0; i < given.Length; i++) shown[i] = char.IsControl(given[i]) && given[i] is not ('\n' or '\r' or '\t') ? '?' : given[i];
        }));

    private static (int ExitCode, IReadOnlyList<string> Lines)? Explain(Exception exception) => exception switch
    {
        SettingsException settings => (BadInput, [.. settings.Errors.Select(Describe)]),
        FeedRefusedException refused => (BadInput, [refused.Message]),
        BadInputException bad => (BadInput, [bad.Message]),
        HistoryDamagedException damaged => (Finding, [damaged.Message, "Keep the data directory as it is: nothing was skipped and nothing is changed."]),
        LedgerDamagedException damaged => (Finding, [damaged.Message, "Keep the data directory as it is; 'verify' names the first damaged record."]),
        LedgerLockedException or LedgerDirectoryException => (BadInput, [exception.Message]),
        LedgerException failed => (Finding, [failed.Message]),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => (BadInput, [exception.Message, "Choose another address with --urls."]),
        UnauthorizedAccessException or IOException or InvalidDataException => (BadInput, [exception.Message]),
        RegistryRefusedException { Reason: Refusal.Damaged } damaged => (Finding, [damaged.Message, "'models history' verifies every artefact."]),
        RegistryRefusedException { InnerException: { } cause } refused => (BadInput, [refused.Message, cause.Message]),
        RegistryRefusedException refused => (BadInput, [refused.Message]),
        ModelRefusedException refused => (Finding, [refused.Message]),
        AggregateException several => several.InnerExceptions.Select(Explain).FirstOrDefault(e => e is not null),
        TransportFaultedException { InnerException: { } cause } => Explain(cause) ?? (Finding, [exception.Message]),
        _ => null,
    };

    /// <summary>One error with its place.</summary>
    public static string Describe(SettingsError error)
    {
        string place = error.File is null ? "" : $"{error.File}({error.Line},{error.Column}): ";
        return error.Message.StartsWith(error.Key, StringComparison.Ordinal) ? place + error.Message : $"{place}{error.Key}: {error.Message}";
    }
}

/// <summary>What the user gave cannot be used; the message names the field, the value and the limit.</summary>
internal sealed class BadInputException(string message) : Exception(message)
{
    /// <summary>What an argument's refusal says, without the words that are meant for programmers: name, value and limit.</summary>
    public static string Plain(ArgumentException refusal)
    {
        string said = refusal.Message.Split(" (Parameter '")[0].Split('\n')[0].Trim();
        return refusal is ArgumentOutOfRangeException { ActualValue: { } value, ParamName: { } name } ? $"{name} is {value}; it must be {said}" : said;
    }
}
