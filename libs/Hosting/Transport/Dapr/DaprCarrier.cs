using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Hosting.Health;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>Registration of the transport from process to process.</summary>
public static class DaprCarrier
{
    /// <summary>The services of this process are beside a sidecar; what is carried is kept in <paramref name="directory"/>.</summary>
    public static void CarryDapr(this IHostApplicationBuilder builder, DaprOptions options, string directory)
    {
        builder.Services.AddSingleton<WireTables>();
        builder.Services.AddSingleton(sp => ActivatorUtilities.CreateInstance<DaprTransport>(sp, options, directory, sp.GetServices<ISubscriptionSource>(), sp));
        builder.Services.AddSingleton<ITransport>(static sp => sp.GetRequiredService<DaprTransport>());
        builder.Services.AddHealthCheck<DaprTransport>("carrier", static transport => transport.Health);
    }
}
