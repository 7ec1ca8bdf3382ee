using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Hosting.Transport.Embedded;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>The contract within one process.</summary>
public sealed class EmbeddedTransportTests : TransportContract
{
    internal override async Task<Pair> StartAsync(Action<IHostApplicationBuilder> hearer)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddSingleton(TimeProvider.System);
        builder.CarryEmbedded(Schedule.Concurrent);
        hearer(builder);
        IHost host = builder.Build();
        ITransport transport = host.Services.GetRequiredService<ITransport>();
        await transport.StartAsync(CancellationToken.None);
        return new Pair(transport, transport, () => transport.UntilIdleAsync(), ((IAsyncDisposable)host).DisposeAsync);
    }
}
