using QuadTurbo.Auditor.Audit;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Production.Account;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Platform;

/// <summary>Live trading, asked for and refused: every condition that is not met is listed.</summary>
internal static class LiveGate
{
    /// <summary>How far the account has come: the stage, and what the next one wants.</summary>
    public static string Stage(PathAudit audit, GraduationSettings settings)
    {
        GraduationVerdict verdict = Graduation.Judge(audit.Graduation, settings);
        string wants = string.Join("; ", verdict.Unmet.Select(u => u.Text));
        return $"stage: {verdict.Stage}{(wants.Length == 0 ? "" : $"; not met: {wants}")}";
    }

    /// <summary>Prints why <c>--live --execute</c> is refused; returns the exit code.</summary>
    public static int Refuse(string dataDirectory, PlatformSettings settings, string? role, bool live, bool execute)
    {
        using PathAudit audit = Directory.Exists(Path.Combine(dataDirectory, "ledger")) ? LedgerFold.Of(dataDirectory) : new PathAudit();
        GraduationVerdict graduation = Graduation.Judge(audit.Graduation, settings.Get<GraduationSettings>());
        bool healthy = audit.Account.Standing.All(change => change.Event is "reset" or "resumed");
        IReadOnlyList<string> reasons = LiveTrading.Refusals(
            Roles.Parse(role), live, execute, settings.Get<LaneSettings>(), settings.Get<GuardSettings>(), healthy, graduation);
        Console.Error.WriteLine($"Live trading is refused (stage: {graduation.Stage}):");
        foreach (string reason in reasons) Console.Error.WriteLine($"  - {reason}");
        Console.Error.WriteLine("Leave out --live --execute to trade on paper.");
        return CommandLine.BadInput;
    }
}
