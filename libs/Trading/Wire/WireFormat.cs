using System.Buffers;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Trading.Wire;

/// <summary>Messages, questions and answers as JSON, for another process. What is written and read again is the same in every bit that matters.</summary>
/// <remarks>
/// The format is told in <c>docs/decisions/0009-wire-format.md</c>. Safe from any thread. A text that is refused leaves the reader's tables as they were.
/// </remarks>
public static class WireFormat
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int Version = 1;

    /// <summary>The most bytes of one text: a sidecar takes 4 MiB with the envelope that it puts around it.</summary>
    public const int MostBytes = 3 << 20;

    private const string Topic = "topic", Question = "question", Answer = "answer", Refused = "refused";

    /// <summary>Writes <paramref name="message"/> after what <paramref name="output"/> holds.</summary>
    /// <exception cref="WireException">It is longer than <see cref="MostBytes"/>, or holds what has no name on the wire; nothing was written.</exception>
    public static void Write<TMessage>(Topic<TMessage> topic, TMessage message, IBufferWriter<byte> output)
        where TMessage : class =>
        WireWriter.Write(Topic, topic.Name, message, output);

    /// <summary>Reads what <see cref="Write"/> wrote; instruments, policies and models are the ones of <paramref name="tables"/>.</summary>
    /// <exception cref="WireException">It is no such message.</exception>
    public static TMessage Read<TMessage>(Topic<TMessage> topic, ReadOnlySpan<byte> text, WireTables tables)
        where TMessage : class =>
        WireReader.Read<TMessage>(Topic, topic.Name, text, tables);

    /// <summary>Writes a question.</summary>
    /// <exception cref="WireException">See <see cref="Write"/>.</exception>
    public static void WriteQuestion<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TQuestion question, IBufferWriter<byte> output) =>
        WireWriter.Write(Question, query.Name, question, output);

    /// <summary>Reads a question. A <see cref="PredictionBatch"/> is rented: who asked for it, disposes it.</summary>
    /// <exception cref="WireException">It is no such question.</exception>
    public static TQuestion ReadQuestion<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, ReadOnlySpan<byte> text, WireTables tables) =>
        WireReader.Read<TQuestion>(Question, query.Name, text, tables);

    /// <summary>Writes an answer; that to <see cref="Queries.ScorePredictions"/> is written by <see cref="WriteScores"/>.</summary>
    /// <exception cref="WireException">See <see cref="Write"/>.</exception>
    public static void WriteAnswer<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, TAnswer answer, IBufferWriter<byte> output) =>
        WireWriter.Write(Answer, query.Name, answer, output);

    /// <summary>Writes that the registry refuses.</summary>
    public static void WriteRefusal<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, RegistryRefusedException refusal, IBufferWriter<byte> output) =>
        WireWriter.Write(Refused, query.Name, new RefusedAnswer(refusal.Reason, refusal.Message, refusal.Field), output);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="RegistryRefusedException">The answer is that the registry refuses.</exception>
    /// <exception cref="WireException">It is no such answer.</exception>
    public static TAnswer ReadAnswer<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, ReadOnlySpan<byte> text, WireTables tables)
    {
        if (!WireReader.Says(Refused, text)) return WireReader.Read<TAnswer>(Answer, query.Name, text, tables);
        RefusedAnswer refused = WireReader.Read<RefusedAnswer>(Refused, query.Name, text, tables);
        throw new RegistryRefusedException(refused.Reason, refused.Message, refused.Field);
    }

    /// <summary>Writes the answer to <see cref="Queries.ScorePredictions"/> with the scores in <paramref name="batch"/>.</summary>
    /// <exception cref="WireException">See <see cref="Write"/>.</exception>
    public static void WriteScores(PredictionAnswer answer, PredictionBatch batch, IBufferWriter<byte> output) =>
        WireWriter.Write(Answer, Queries.ScorePredictions.Name, new PredictionScores(answer, batch.Results.ToArray()), output);

    /// <summary>Reads the answer to <see cref="Queries.ScorePredictions"/>; the scores are put into <paramref name="batch"/>, which asked for them.</summary>
    /// <exception cref="WireException">It is no such answer, or one to another batch; the batch is as it was.</exception>
    public static PredictionAnswer ReadScores(ReadOnlySpan<byte> text, PredictionBatch batch, WireTables tables)
    {
        PredictionScores read = WireReader.Read<PredictionScores>(Answer, Queries.ScorePredictions.Name, text, tables);
        if (read.Results.Length != batch.Count)
            throw new WireException(Queries.ScorePredictions.Name, $"results: {read.Results.Length} of {batch.Count} opportunities");
        read.Results.CopyTo(batch.Results);
        return read.Answer;
    }
}
