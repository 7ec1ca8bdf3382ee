using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Trading;

namespace QuadTurbo.Hosting.Transport;

/// <summary>A subscription that a service registered, before its handler exists.</summary>
public interface ISubscriptionSource
{
    /// <summary>Name of the topic.</summary>
    string Topic { get; }

    /// <summary>Binds it to the handler.</summary>
    internal Subscription Create(IServiceProvider services, TimeProvider clock);
}

/// <summary>Registration of subscriptions.</summary>
public static class Subscribing
{
    /// <summary>
    /// From the start of the host on, the singleton <typeparamref name="THandler"/> hears <paramref name="topic"/>, one message at a time.
    /// </summary>
    public static void Subscribe<THandler, TMessage>(
        this IHostApplicationBuilder builder, Topic<TMessage> topic, Func<IServiceProvider, Listener<THandler, TMessage>> listener)
        where THandler : class
        where TMessage : class =>
        builder.Services.AddSingleton<ISubscriptionSource>(new Source<THandler, TMessage>(topic, listener));

    private sealed class Source<THandler, TMessage>(Topic<TMessage> topic, Func<IServiceProvider, Listener<THandler, TMessage>> listener) : ISubscriptionSource
        where THandler : class
        where TMessage : class
    {
        public string Topic => topic.Name;

        Subscription ISubscriptionSource.Create(IServiceProvider services, TimeProvider clock) =>
            new Subscription<THandler, TMessage>(services.GetRequiredService<THandler>(), topic, listener(services), clock);
    }
}
