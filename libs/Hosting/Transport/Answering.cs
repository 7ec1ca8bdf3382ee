using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Hosting.Transport;

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

        Answerer IAnswerSource.Create(IServiceProvider services) => new Bound(query, services.GetRequiredService<THandler>(), answer);

        private sealed class Bound(Query<TQuestion, TAnswer> query, THandler handler, Func<THandler, TQuestion, CancellationToken, ValueTask<TAnswer>> answer)
            : Answerer<TQuestion, TAnswer>(query)
        {
            public override ValueTask<TAnswer> AnswerAsync(TQuestion question, CancellationToken cancel) => answer(handler, question, cancel);
        }
    }
}

/// <summary>Someone who answers one query, whatever its types.</summary>
internal abstract class Answerer
{
    /// <summary>Answers a question in the wire format with an answer in it.</summary>
    /// <exception cref="WireException">It is no such question, or the answer does not fit.</exception>
    public abstract ValueTask AnswerAsync(ReadOnlyMemory<byte> question, WireTables tables, IBufferWriter<byte> answer, CancellationToken cancel);
}

/// <summary>Someone who answers one query.</summary>
internal abstract class Answerer<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query) : Answerer
{
    /// <summary>Answers now, on the caller's thread.</summary>
    public abstract ValueTask<TAnswer> AnswerAsync(TQuestion question, CancellationToken cancel);

    public override async ValueTask AnswerAsync(ReadOnlyMemory<byte> question, WireTables tables, IBufferWriter<byte> answer, CancellationToken cancel)
    {
        TQuestion asked = WireFormat.ReadQuestion(query, question.Span, tables);
        using var rented = asked as IDisposable;
        try
        {
            TAnswer answered = await AnswerAsync(asked, cancel);
            if (asked is PredictionBatch batch && answered is PredictionAnswer scored) WireFormat.WriteScores(scored, batch, answer);
            else WireFormat.WriteAnswer(query, answered, answer);
        }
        catch (RegistryRefusedException refusal)
        {
            WireFormat.WriteRefusal(query, refusal, answer);
        }
    }
}
