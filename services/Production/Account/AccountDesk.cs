using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Production.Account;

/// <summary>The account for readers, with the stage that the ledger's facts make now: the account itself looks at them at its start alone.</summary>
internal sealed class AccountDesk(TradingAccount account, GraduationSettings graduation, ITransport transport)
{
    /// <summary>As it stands; where no auditor answers, with the stage of the last start.</summary>
    public async ValueTask<AccountView> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return account.View with { Graduation = Graduation.Judge(await transport.AskAsync(Queries.Graduation, default, cancel), graduation) };
        }
        catch (Exception e) when (e is UnansweredQueryException or AuditUnavailableException)
        {
            return account.View;
        }
    }
}
