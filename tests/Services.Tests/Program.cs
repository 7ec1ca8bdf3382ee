using QuadTurbo.Services.Tests.Auditor.Ledger;

namespace QuadTurbo.Services.Tests;

/// <summary>What the test assembly does when it is started as a process of its own: be the one that a test kills.</summary>
public static class Program
{
    public static int Main(string[] args) => args switch
    {
        [LedgerChild.Verb, var directory, var round, var count] => LedgerChild.Run(directory, int.Parse(round), int.Parse(count)),
        _ => 2,
    };
}
