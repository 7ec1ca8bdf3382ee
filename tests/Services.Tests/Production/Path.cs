using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting.Platform;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;
using QuadTurbo.Production;
using QuadTurbo.Production.Account;
using QuadTurbo.Production.Execution;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Services.Tests.Production;

/// <summary>What the production lane publishes, as anyone who listens hears it.</summary>
internal sealed class Ear
{
    public List<Outcome> Outcomes { get; } = [];

    public List<AccountChanged> Changes { get; } = [];
}

/// <summary>The production service over the embedded transport, with someone who listens.</summary>
internal sealed class Path : IAsyncDisposable
{
    private readonly IHost _host;

    private Path(IHost host) => _host = host;

    public EmbeddedTransport Transport => _host.Services.GetRequiredService<EmbeddedTransport>();

    public ProductionLane Lane => _host.Services.GetRequiredService<ProductionLane>();

    public TradingSwitch Switch => _host.Services.GetRequiredService<TradingSwitch>();

    public TradingAccount Account => _host.Services.GetRequiredService<TradingAccount>();

    public Ear Ear => _host.Services.GetRequiredService<Ear>();

    public static Path Open(
        Schedule schedule = Schedule.Lockstep, LaneSettings? lanes = null, GuardSettings? guard = null, PaperVenueSettings? paper = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        Compose(builder, schedule, lanes ?? new LaneSettings { EnableProduction = true }, guard ?? new GuardSettings(), paper ?? PaperVenueSettings.Exact);
        var path = new Path(builder.Build());
        path.Transport.Start();
        return path;
    }

    public static void Compose(IHostApplicationBuilder builder, Schedule schedule, LaneSettings lanes, GuardSettings guard, PaperVenueSettings paper)
    {
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(lanes).AddSingleton(guard).AddSingleton(paper);
        builder.Services.AddSingleton(new CostSettings()).AddSingleton(new GraduationSettings()).AddSingleton<Ear>();
        builder.CarryEmbedded(schedule);
        ProductionService.Definition.Add(builder);
        builder.Subscribe<Ear, OutcomesKnown>(Topics.OutcomeExecuted, static _ => new(
            static (ear, known, _) => Hear(() => ear.Outcomes.AddRange(known.Outcomes)), QueuePolicy.Wait(1000)));
        builder.Subscribe<Ear, AccountChanged>(Topics.AccountChanged, static _ => new(
            static (ear, change, _) => Hear(() => ear.Changes.Add(change)), QueuePolicy.Wait(1000)));
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();

    private static ValueTask Hear(Action take)
    {
        take();
        return ValueTask.CompletedTask;
    }
}
