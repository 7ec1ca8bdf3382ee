using QuadTurbo.Auditor.Alerts;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Services.Tests.Production;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Auditor;

public sealed class AlertTests : IDisposable
{
    private readonly PathAudit _audit = new();

    public void Dispose() => _audit.Dispose();

    [Fact]
    public void A_kill_stands_since_it_was_asked_for_until_the_resume_and_the_next_one_since_its_own_time()
    {
        Change(AccountEvent.Killed, Breaker.KillSwitch, "drill", minute: 1);
        Assert.Equal(("drill", At(1)), Standing());

        Change(AccountEvent.Killed, Breaker.KillSwitch, "in earnest", minute: 2);
        Assert.Equal(("in earnest", At(2)), Standing());

        Change(AccountEvent.Resumed, Breaker.KillSwitch, "over", minute: 3);
        Assert.Empty(Alert.Standing(_audit));
        Assert.Equal("in earnest; it has been reset since", Assert.Single(Alert.Of(_audit)).Cause);

        Change(AccountEvent.Killed, Breaker.KillSwitch, "again", minute: 4);
        Assert.Equal(("again", At(4)), Standing());
    }

    [Fact]
    public void A_breaker_stands_until_its_reset_and_a_kill_is_told_before_it()
    {
        Change(AccountEvent.Killed, Breaker.KillSwitch, "drill", minute: 1);
        Change(AccountEvent.Tripped, Breaker.DailyLoss, "lost", minute: 2);
        Assert.Equal(("drill", At(1)), Standing());

        Change(AccountEvent.Resumed, Breaker.KillSwitch, "over", minute: 3);
        Assert.Equal(("lost", At(2)), Standing());

        Change(AccountEvent.Reset, Breaker.DailyLoss, "its time is over", minute: 4);
        Assert.Empty(Alert.Standing(_audit));
    }

    private static DateTime At(int minute) => Example.Noon.AddMinutes(minute);

    private (string Cause, DateTime? Since) Standing()
    {
        Alert alert = Assert.Single(Alert.Standing(_audit));
        return (alert.Cause, alert.Since);
    }

    private void Change(string what, string breaker, string why, int minute) =>
        _audit.Apply(new AccountChanged { Event = what, What = breaker, Why = why, At = At(minute) });
}
