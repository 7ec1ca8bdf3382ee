using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Trading;

namespace QuadTurbo.Hosting.Transport;

/// <summary>What a service says outside of any message and has to know again after a restart.</summary>
public interface IRecallSource
{
    /// <summary>Name of the topic.</summary>
    string Topic { get; }

    /// <summary>Binds it to the handler.</summary>
    internal Subscription Create(IServiceProvider services, TimeProvider clock);
}

/// <summary>Registration of what is recalled.</summary>
public static class Recalling
{
    /// <summary>
    /// Where the service is a process that is rebuilt from what it heard (<see cref="Recovery.Replay"/>), what it said under <paramref name="topic"/> outside of any message is
    /// handed to the singleton <typeparamref name="THandler"/> again, in its place among the messages.
    /// </summary>
    public static void Recall<THandler, TMessage>(this IHostApplicationBuilder builder, Topic<TMessage> topic, Action<THandler, TMessage> recall)
        where THandler : class
        where TMessage : class =>
        builder.Services.AddSingleton<IRecallSource>(new Source<THandler, TMessage>(topic, recall));

    private sealed class Source<THandler, TMessage>(Topic<TMessage> topic, Action<THandler, TMessage> recall) : IRecallSource
        where THandler : class
        where TMessage : class
    {
        public string Topic => topic.Name;

        Subscription IRecallSource.Create(IServiceProvider services, TimeProvider clock) => new Subscription<THandler, TMessage>(
            services.GetRequiredService<THandler>(), topic,
            new Listener<THandler, TMessage>(
                (handler, message, _) =>
                {
                    recall(handler, message);
                    return ValueTask.CompletedTask;
                },
                QueuePolicy.Wait(1)),
            clock);
    }
}
