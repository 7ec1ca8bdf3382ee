using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Trading;

namespace QuadTurbo.Hosting.Transport.Embedded;

/// <summary>An answer that a service registered, before its handler exists.</summary>
public interface IAnswerSource
{
    /// <summary>Name of the query.</summary>
    string Query { get; }

    /// <summary>Binds it to the handler.</summary>
    internal Answerer Create(IServiceProvider services);
}

/// <summary>Registration of answers.</summary>
public static class Answering
{
    /// <summary>
    /// From the start of the host on, the singleton <typeparamref name="THandler"/> answers <paramref name="query"/>, on the thread of who asks:
    /// several questions at once, and beside the messages that it hears.
    /// </summary>
    public static void Answer<THandler, TQuestion, TAnswer>(
        this IHostApplicationBuilder builder, Query<TQuestion, TAnswer> query, Func<THandler, TQuestion, CancellationToken, ValueTask<TAnswer>> answer)
        where THandler : class =>
        builder.Services.AddSingleton<IAnswerSource>(new Source<THandler, TQuestion, TAnswer>(query, answer));

    private sealed class Source<THandler, TQuestion, TAnswer>(
        Query<TQuestion, TAnswer> query, Func<THandler, TQuestion, CancellationToken, ValueTask<TAnswer>> answer) : IAnswerSource
        where THandler : class
    {
        public string Query => query.Name;

        Answerer IAnswerSource.Create(IServiceProvider services) => new Bound(services.GetRequiredService<THandler>(), answer);

        private sealed class Bound(THandler handler, Func<THandler, TQuestion, CancellationToken, ValueTask<TAnswer>> answer) : Answerer<TQuestion, TAnswer>
        {
            public override ValueTask<TAnswer> AnswerAsync(TQuestion question, CancellationToken cancel) => answer(handler, question, cancel);
        }
    }
}

/// <summary>Someone who answers one query, whatever its types.</summary>
internal abstract class Answerer;

/// <summary>Someone who answers one query.</summary>
internal abstract class Answerer<TQuestion, TAnswer> : Answerer
{
    /// <summary>Answers now, on the caller's thread.</summary>
    public abstract ValueTask<TAnswer> AnswerAsync(TQuestion question, CancellationToken cancel);
}
