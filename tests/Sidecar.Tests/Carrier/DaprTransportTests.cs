using Microsoft.Extensions.Hosting;
using QuadTurbo.Sidecar.Brokers;

namespace QuadTurbo.Sidecar.Tests.Carrier;

/// <summary>The contract from process to process, over a broker without order.</summary>
public sealed class RedisTransportTests : DaprTransportTests
{
    public RedisTransportTests()
        : base(new BrokerOptions { Flavour = BrokerFlavour.Redis })
    {
    }
}

/// <summary>The contract from process to process, over a broker with partitions.</summary>
public sealed class KafkaTransportTests : DaprTransportTests
{
    public KafkaTransportTests()
        : base(new BrokerOptions { Flavour = BrokerFlavour.Kafka, FromOldest = true })
    {
    }
}

/// <summary>The contract from process to process.</summary>
public abstract class DaprTransportTests(BrokerOptions broker) : TransportContract
{
    internal override async Task<Pair> StartAsync(Action<IHostApplicationBuilder> hearer)
    {
        var place = Directory.CreateTempSubdirectory("carrier-");
        var mesh = new Mesh(World.With(broker: broker));
        CarrierProcess hears = await CarrierProcess.StartAsync(mesh, "registry", place.CreateSubdirectory("hearer").FullName, hearer);
        CarrierProcess says = await CarrierProcess.StartAsync(mesh, "speaker", place.CreateSubdirectory("speaker").FullName, static _ => { });
        return new Pair(says.Transport, hears.Transport, () => SettledAsync(mesh, says, hears), async () =>
        {
            await says.DisposeAsync();
            await hears.DisposeAsync();
            await mesh.DisposeAsync();
            place.Delete(recursive: true);
        });
    }

    internal static async Task SettledAsync(Mesh mesh, params CarrierProcess[] processes)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        // What one process handles may make it say something to another: it is quiet when a whole round finds nothing new.
        long before;
        do
        {
            before = processes.Sum(p => p.Transport.Topics.Sum(mesh.Broker.Appended));
            foreach (CarrierProcess process in processes) await process.Transport.UntilIdleAsync(late.Token);
            foreach (CarrierProcess process in processes)
            {
                foreach (string topic in process.Transport.Topics) await mesh.Broker.DrainedAsync(topic, process.Sidecar!.AppId, ct: late.Token);
                await process.Transport.UntilIdleAsync(late.Token);
            }
        }
        while (before != processes.Sum(p => p.Transport.Topics.Sum(mesh.Broker.Appended)));
    }
}
