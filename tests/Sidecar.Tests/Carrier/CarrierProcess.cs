using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Dapr;
using QuadTurbo.Trading.Markets;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>A process of the platform beside a sidecar of a mesh, in this process.</summary>
internal sealed class CarrierProcess : IAsyncDisposable
{
    private readonly IHost _host;

    private CarrierProcess(IHost host, SidecarServer? sidecar, int port, string directory) =>
        (_host, Sidecar, Port, Directory) = (host, sidecar, port, directory);

    public SidecarServer? Sidecar { get; }

    /// <summary>Where its sidecar reaches it.</summary>
    public int Port { get; }

    public string Directory { get; }

    /// <summary>Where everybody else reaches it.</summary>
    public Uri PublicAddress => _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        .Select(static a => new Uri(a)).First(a => a.Port != Port);

    public IServiceProvider Services => _host.Services;

    public DaprTransport Transport => _host.Services.GetRequiredService<DaprTransport>();

    /// <summary>Starts an application of this name with what <paramref name="add"/> registers.</summary>
    public static async Task<CarrierProcess> StartAsync(
        Mesh mesh, string appId, string directory, Action<IHostApplicationBuilder> add, Func<DaprOptions, DaprOptions>? with = null, Func<SidecarOptions, SidecarOptions>? beside = null)
    {
        int port = LoopbackPorts.Take();
        var options = new SidecarOptions { AppId = appId, AppPort = port };
        SidecarServer sidecar = await mesh.StartAsync(beside?.Invoke(options) ?? options);
        CarrierProcess process = await StartAsync(sidecar.Address, port, appId, directory, add, with, sidecar);
        if (with is null && beside is null) await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        return process;
    }

    /// <summary>Starts an application beside whatever is at <paramref name="sidecar"/>.</summary>
    public static async Task<CarrierProcess> StartAsync(
        Uri sidecar, int port, string appId, string directory, Action<IHostApplicationBuilder> add, Func<DaprOptions, DaprOptions>? with = null, SidecarServer? owned = null)
    {
        var service = new Service(appId, add, static _ => { });
        var dapr = new DaprOptions { AppId = appId, Sidecar = sidecar, AppPort = port };
        IHost host = ServiceHost.Build(
            new ServiceHostOptions
            {
                Schedule = Schedule.Concurrent,
                DataDirectory = directory,
                Settings = PlatformSettings.Load(ServiceHost.CatalogueOf([service]), new SettingsSources()),
                Clock = TimeProvider.System,
                Url = "http://127.0.0.1:0",
                Dapr = with?.Invoke(dapr) ?? dapr,
            },
            [service],
            static builder => builder.Services.AddSingleton(new InstrumentTable()));
        await host.StartAsync();
        return new CarrierProcess(host, owned, port, directory);
    }

    /// <summary>Stops as after SIGTERM, the sidecar after it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (Sidecar is not null) await Sidecar.StopAsync();
    }
}
