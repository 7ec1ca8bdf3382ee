using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace QuadTurbo.Hosting.Transport.Embedded;

/// <summary>Registration of the transport within one process.</summary>
public static class EmbeddedCarrier
{
    /// <summary>The services of this process hear each other directly; <see cref="EmbeddedTransport.Start"/> is left to the host.</summary>
    public static void CarryEmbedded(this IHostApplicationBuilder builder, Schedule schedule)
    {
        builder.Services.AddSingleton(sp => ActivatorUtilities.CreateInstance<EmbeddedTransport>(sp, schedule, sp.GetServices<ISubscriptionSource>(), sp));
        builder.Services.AddSingleton<ITransport>(static sp => sp.GetRequiredService<EmbeddedTransport>());
    }
}
