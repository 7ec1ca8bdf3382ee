using System.Globalization;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Production.Account;

/// <summary>What stops lane 1, for whoever asks.</summary>
internal static class GuardAnswer
{
    /// <summary>From the account as it stands.</summary>
    public static GuardView Of(AccountView account)
    {
        BreakerView kill = account.Breakers.First(b => b.Name == Breaker.KillSwitch);
        return new GuardView
        {
            Kill = new KillView { On = kill.Since is not null, Reason = kill.Since is null ? null : kill.Why, Since = Instant(kill.Since) },
            Breakers =
            [
                .. account.Breakers.Where(b => b.Name != Breaker.KillSwitch && b.Since is not null).Select(b => new StandingBreaker
                {
                    Name = b.Name,
                    Reason = b.Why ?? b.Rule,
                    Since = Instant(b.Since),
                    Resets = Instant(b.Until),
                }),
            ],
            Stage = Stage(account.Graduation),
        };
    }

    private static string Stage(GraduationVerdict verdict)
    {
        string stage = verdict.Stage switch
        {
            Account.Stage.SpringTraining => "spring training",
            Account.Stage.Graduated => "graduated",
            _ => "production-eligible",
        };
        return verdict.Unmet.Count == 0 ? stage : $"{stage}: {string.Join("; ", verdict.Unmet.Select(u => u.Text))}";
    }

    private static string? Instant(DateTime? at) => at?.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
