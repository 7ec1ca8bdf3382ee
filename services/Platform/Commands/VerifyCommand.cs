using System.CommandLine;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Platform.Commands;

/// <summary><c>verify [ID]</c>: the whole chain, and one decision or all of them computed again, bit for bit.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "Compute this decision again; without it, every byte of the ledger is checked.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> dataDirectory = SharedOptions.DataDirectory();
        Option<FileInfo?> json = SharedOptions.Json();
        var all = new Option<bool>("--decisions") { Description = "Compute every decision again, not only the chain." };
        var command = new Command(
            "verify",
            "Check the ledger: every byte of the chain, or one decision computed again from it (score, gates, action, bit for bit).\n\n"
            + "Exit code 1 names the first damaged record, or what differs.\n\nExample: quadturbo verify --data-dir data/run")
        {
            id, dataDirectory, all, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            string directory = DataDirectory.ToRead(parsed.GetValue(dataDirectory));
            LedgerVerification verification = LedgerVerifier.Verify(directory);
            CommandLine.Say(verification.ToString()!);
            var result = new JsonObject { ["data_dir"] = directory, ["ledger"] = verification.ToString(), ["intact"] = verification is LedgerVerification.Intact };
            int code = verification is LedgerVerification.Intact ? CommandLine.Done : CommandLine.Finding;
            if (code == CommandLine.Done && (parsed.GetValue(id) is not null || parsed.GetValue(all)))
                code = Recompute(directory, parsed.GetValue(id), result);
            await SharedOptions.WriteJsonAsync(parsed.GetValue(json), result);
            return code;
        });
        return command;
    }

    private static int Recompute(string directory, string? id, JsonObject result)
    {
        OpportunityId? wanted = id is null ? null
            : OpportunityId.TryParse(id, out OpportunityId parsed) ? parsed
            : throw new BadInputException($"ID '{id}' is not 32 hex digits");
        var judge = new SecondJudge();
        long count = 0;
        // Lanes write side by side: the first decisions of a model may stand before it.
        foreach ((_, object record) in LedgerFold.Events(directory))
            judge.Know(record);
        foreach ((long sequence, object record) in LedgerFold.Events(directory))
        {
            if (record is not DecisionRecord { Decision: var decision } || (wanted is { } one && decision.Id != one)) continue;
            count++;
            if (judge.Differs(decision) is not { } difference) continue;
            CommandLine.Say($"record {sequence}: decision {decision.Id}: {difference}");
            result["difference"] = difference;
            return CommandLine.Finding;
        }
        if (wanted is { } missing && count == 0) throw new BadInputException($"decision {missing} is not in {directory}");
        result["recomputed"] = count;
        CommandLine.Say($"{count} decision{(count == 1 ? "" : "s")} computed again: score, gates and action equal, bit for bit");
        return CommandLine.Done;
    }
}

/// <summary>Judges again what a ledger holds, with the models and limits that it holds.</summary>
internal sealed class SecondJudge
{
    private const int MostSets = 8;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _packages = new(StringComparer.Ordinal) { [ModelPackage.Baseline.Ref.Id] = ModelPackage.Baseline.Bytes };
    private readonly Dictionary<GatePolicy, Validator> _validators = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ModelSet> _sets = new(StringComparer.Ordinal);

    /// <summary>Takes up a model's bytes, if that is what the record holds.</summary>
    public void Know(object record)
    {
        if (record is ModelTrained trained) _packages[trained.Model.Id] = trained.Package;
        else if (record is PackageRecord package) _packages[package.Model.Id] = package.Package;
    }

    /// <summary>What differs between <paramref name="decision"/> and the same decision computed now; null when nothing does.</summary>
    public string? Differs(Decision decision)
    {
        if (!_sets.TryGetValue(decision.Model.Id, out ModelSet? model))
        {
            if (!_packages.TryGetValue(decision.Model.Id, out ReadOnlyMemory<byte> package)) return $"its model {decision.Model} is not in the ledger";
            // A champion and a challenger take turns; models that are gone do not come back.
            if (_sets.Count == MostSets) _sets.Clear();
            _sets[decision.Model.Id] = model = new ModelSet(ModelPackage.Load(package, decision.Model.Id));
        }
        ModelAnswer answer = model.Answer(decision.Opportunity);
        if (!Same(answer.Score, decision.Score)) return $"score {decision.Score:R} was recorded, {answer.Score:R} is computed";
        if (!_validators.TryGetValue(decision.Policy, out Validator? validator)) _validators[decision.Policy] = validator = Validator.From(decision.Policy, []);
        var gates = new GateResult[validator.GateCount];
        bool[] passed = [false];
        validator.Judge([decision.Opportunity], [answer], gates, passed);
        for (int i = 0; i < gates.Length; i++)
        {
            GateResult recorded = decision.Gates.Span[i];
            if (gates[i].State != recorded.State || !Same(gates[i].Measured, recorded.Measured) || !Same(gates[i].Limit, recorded.Limit))
                return $"{decision.Policy.Gates[i].Name} was recorded as {recorded}, {gates[i]} is computed";
        }
        return passed[0] == decision.Passed ? null : $"the action was recorded as {Action(decision.Passed)}, {Action(passed[0])} is computed";
    }

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static string Action(bool passed) => passed ? "pass" : "refuse";
}
