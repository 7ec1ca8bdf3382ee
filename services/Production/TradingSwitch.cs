using QuadTurbo.Hosting.Listening;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Production.Account;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Production;

/// <summary>The kill switch as people throw and release it. Stopping never waits for anything; trading goes on only when the ledger has it on disk.</summary>
/// <remarks>The ledger reads kills and resumes in an order that ends as the account does: what is said twice or at once ends stopped.</remarks>
public sealed class TradingSwitch(TradingAccount account, ITransport transport) : IDisposable
{
    private readonly SemaphoreSlim _order = new(1, 1);

    /// <summary>Stops all new orders at once, then waits until the ledger keeps it.</summary>
    public async Task<Switched> KillAsync(string reason)
    {
        AccountChanged killed = account.Kill(reason);
        Task published = PublishAsync(() =>
        {
            // Once more: a resume that came between is written before it, and must not outlive it.
            account.Keep(killed);
            return killed;
        });
        return new Switched(killed, await WhyNotAsync(published, () => killed));
    }

    /// <summary>Lets new orders out again once the ledger keeps it; null when they were not stopped by hand.</summary>
    public async Task<Switched?> ResumeAsync(string reason)
    {
        if (!account.Killed) return null;
        if (await Durability.WhyNotAsync(transport) is { } unwritable) return new Switched(null, unwritable);
        Resumption? asked = null;
        string? whyNot = await WhyNotAsync(PublishAsync(() => (asked = account.AskResume(reason))?.Change), () => asked?.Change);
        if (whyNot is null)
        {
            if (asked is not { } resumption) return null;
            if (account.Resume(resumption)) return new Switched(resumption.Change, null);
        }
        // The ledger may yet write the resume, when its disk has space again: what it reads after it says that trading is stopped.
        await WhyNotAsync(PublishAsync(() => account.StandingKill), static () => null);
        return new Switched(null, whyNot);
    }

    /// <inheritdoc/>
    public void Dispose() => _order.Dispose();

    private async Task PublishAsync(Func<AccountChanged?> change)
    {
        await _order.WaitAsync();
        try
        {
            if (change() is { } changed) await transport.PublishAsync(Topics.AccountChanged, changed);
        }
        finally
        {
            _order.Release();
        }
    }

    private async Task<string?> WhyNotAsync(Task published, Func<AccountChanged?> change)
    {
        try
        {
            await published.WaitAsync(Durability.Patience);
        }
        catch (TimeoutException)
        {
            return "the ledger's queue did not take it in time";
        }
        catch (TransportFaultedException e)
        {
            return e.Message;
        }
        return change() is { } changed ? await Durability.WhyNotAsync(transport, changed) : null;
    }
}

/// <summary>What became of the kill switch.</summary>
/// <param name="Change">The change that took effect; null when none did.</param>
/// <param name="WhyNotKept">Why the ledger does not keep it; null when it does, or when there is nothing to keep.</param>
public sealed record Switched(AccountChanged? Change, string? WhyNotKept);
