using System.Globalization;
using QuadTurbo.Hosting.Storage;

namespace QuadTurbo.Hosting.Transport.Dapr;

/// <summary>The statements of one transaction of the <see cref="CarrierStore"/>; marks that many changes move are written once, at the end.</summary>
internal sealed class CarrierStatements(SqliteWrite write) : IDisposable
{
    private readonly Dictionary<(string Source, string Topic), long> _heard = [];
    private readonly Dictionary<string, long> _said = new(StringComparer.Ordinal);
    private readonly List<long> _handled = [];
    private BulkInsert? _inbox, _turn, _outbox;

    /// <summary>Keeps a message that was heard.</summary>
    public void Hear(in InboxItem item) =>
        (_inbox ??= write.Insert("inbox", OnConflict.Fail, "id", "source", "topic", "sequence", "trace", "body"))
            .Add(item.Id, item.Source, item.Topic, item.Sequence, item.Trace, item.Body);

    /// <summary>A stream was heard up to <paramref name="next"/> without a gap.</summary>
    public void HeardTo(string source, string topic, long next) => _heard[(source, topic)] = next;

    /// <summary>Keeps that a listener dealt with a message.</summary>
    public void Turn(long inbox, string listener, bool dropped) =>
        (_turn ??= write.Insert("turn", OnConflict.Fail, "ordinal", "inbox", "listener", "dropped")).Add(null, inbox, listener, dropped);

    /// <summary>Everyone has dealt with the message, and nobody needs it again.</summary>
    public void Forget(long inbox) => _handled.Add(inbox);

    /// <summary>Keeps a message that is to be said.</summary>
    public void Say(string topic, long sequence, string? trace, byte[] body)
    {
        (_outbox ??= write.Insert("outbox", OnConflict.Fail, "id", "topic", "sequence", "trace", "body")).Add(null, topic, sequence, trace, body);
        _said[topic] = sequence + 1;
    }

    /// <summary>The broker has these messages.</summary>
    public void Said(string topic, IReadOnlyList<long> sequences) =>
        write.Execute($"DELETE FROM outbox WHERE topic = @topic AND sequence IN ({Join(sequences)})", new { topic });

    /// <summary>Writes the marks.</summary>
    public void Finish()
    {
        if (_heard.Count > 0)
        {
            using BulkInsert marks = write.Insert("heard", OnConflict.Replace, "source", "topic", "next");
            foreach (((string source, string topic), long next) in _heard) marks.Add(source, topic, next);
        }
        if (_said.Count > 0)
        {
            using BulkInsert marks = write.Insert("said", OnConflict.Replace, "topic", "next");
            foreach ((string topic, long next) in _said) marks.Add(topic, next);
        }
        if (_handled.Count == 0) return;
        string ids = Join(_handled);
        write.Execute($"DELETE FROM turn WHERE inbox IN ({ids}); DELETE FROM inbox WHERE id IN ({ids});");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inbox?.Dispose();
        _turn?.Dispose();
        _outbox?.Dispose();
    }

    private static string Join(IReadOnlyList<long> numbers) => string.Join(',', numbers.Select(static n => n.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>A message that was heard, as it is kept.</summary>
/// <param name="Id">Its place among all that this process heard.</param>
/// <param name="Source">Who said it.</param>
/// <param name="Topic">Under which topic.</param>
/// <param name="Sequence">Its place in that stream.</param>
/// <param name="Trace">W3C trace context; null for none.</param>
/// <param name="Body">Its text; null where it could not be read.</param>
internal readonly record struct InboxItem(long Id, string Source, string Topic, long Sequence, string? Trace, byte[]? Body);
