using System.Text;
using Microsoft.Win32.SafeHandles;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>Everything that ever happened to versions, as lines <c>history.jsonl</c> that can only be added, each hashed with the one
/// before.</summary>
/// <remarks>
/// <para>An event is on disk, and in the head, when <see cref="Append"/> returns; one that is not is taken back. Opening reads and hashes every
/// line: one altered byte is refused and named.</para>
/// <para><c>history.head</c> holds number and hash of the last line. It is replaced after each line, so the file may be ahead of it by what a
/// crash came between, and is never behind: lines taken off the end are noticed, and a last line cut short that was acknowledged is told from
/// one that a crash cut while it was written, which is taken off with a note.</para>
/// <para>One process writes: it holds <c>history.lock</c>. Thread-safe.</para>
/// </remarks>
public sealed class History : IDisposable
{
    /// <summary>The lines.</summary>
    public const string FileName = "history.jsonl";

    private const string HeadName = "history.head";
    private const string LockName = "history.lock";
    private const long MostBytes = 1L << 30;
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly SafeFileHandle _file;
    private readonly List<HistoryEntry> _entries;
    private readonly Lock _writing = new();
    private long _length;
    private string? _stopped;

    private History(string folder, FileStream held)
    {
        (_folder, _lock) = (folder, held);
        try
        {
            (_entries, _length, Note) = Verify(folder);
            _file = File.OpenHandle(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            Mend();
        }
        catch
        {
            _file?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>What opening had to mend, in words; null when nothing.</summary>
    public string? Note { get; }

    /// <summary>Every event so far, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> Entries
    {
        get
        {
            lock (_writing) return [.. _entries];
        }
    }

    /// <summary>Events so far.</summary>
    public int Count
    {
        get
        {
            lock (_writing) return _entries.Count;
        }
    }

    /// <summary>The history in <paramref name="folder"/>, for writing; an empty one where none is.</summary>
    /// <exception cref="HistoryDamagedException">A byte is not as it was written, or lines are missing; the message names the line and both
    /// hashes.</exception>
    /// <exception cref="IOException">Another process writes it.</exception>
    public static History Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var held = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        return new History(folder, held);
    }

    /// <summary>Every event in <paramref name="folder"/>, verified; nothing is locked, mended or written.</summary>
    /// <exception cref="HistoryDamagedException">As for <see cref="Open"/>.</exception>
    public static IReadOnlyList<HistoryEntry> Read(string folder) => Verify(folder).Entries;

    /// <summary>Adds an event; afterwards it is on disk.</summary>
    /// <remarks>A clock that went back does not turn the order round: the event is as old as the one before.</remarks>
    /// <param name="at">When, UTC.</param>
    /// <param name="model">Identity of the version that it is about.</param>
    /// <param name="why">The reason, in words.</param>
    /// <param name="details">What happened.</param>
    /// <exception cref="ArgumentException">The time is not UTC.</exception>
    /// <exception cref="RegistryRefusedException">The disk does not take the event, and it is not part of the history.</exception>
    public HistoryEntry Append(DateTime at, string model, string why, HistoryDetails details)
    {
        ArgumentNullException.ThrowIfNull(details);
        if (at.Kind != DateTimeKind.Utc) throw new ArgumentException($"the time of an event is {at.Kind}, expected UTC", nameof(at));
        lock (_writing)
        {
            if (_stopped is { } stopped) throw new RegistryRefusedException(Refusal.NotKept, stopped);
            HistoryEntry? last = _entries.Count > 0 ? _entries[^1] : null;
            if (last is not null && at < last.At) at = last.At;
            (byte[] line, HistoryEntry entry) = HistoryLine.Write(_entries.Count + 1, at, model, why, details, last?.Hash ?? HistoryLine.Genesis);
            Write(line, entry);
            _entries.Add(entry);
            _length += line.Length;
            return entry;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static (List<HistoryEntry> Entries, long Length, string? Note) Verify(string folder)
    {
        string path = Path.Combine(folder, FileName);
        byte[] bytes = File.Exists(path) ? DurableFile.Read(path, MostBytes, FileName) : [];
        (long seq, string hash) = ReadHead(folder);
        var entries = new List<HistoryEntry>();
        string prev = HistoryLine.Genesis;
        string? note = null;
        int at = 0;
        while (at < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(at);
            int feed = rest.IndexOf((byte)'\n'), next = entries.Count + 1;
            if (feed < 0 && HistoryLine.IsTorn(rest, next))
            {
                note = $"line {next} of {FileName} was cut short by a crash before it counted; its {rest.Length} bytes are taken off";
                break;
            }
            if (feed < 0) throw new HistoryDamagedException(FileName, next, "the end", "a line feed", "missing");
            HistoryEntry entry = HistoryLine.Read(rest[..feed], FileName, next, prev);
            entries.Add(entry);
            prev = entry.Hash;
            if (entry.Seq == seq && entry.Hash != hash) throw new HistoryDamagedException(HeadName, 1, $"the hash of line {seq}", entry.Hash, hash);
            at += feed + 1;
        }
        if (seq > entries.Count)
            throw new HistoryDamagedException(FileName, entries.Count + 1, "a line that was acknowledged", $"line {seq} with hash {hash}", "missing");
        if (seq == 0 && entries.Count > 1) throw new HistoryDamagedException(HeadName, 1, "the head", $"line {entries.Count}", "missing");
        return (entries, at, note);
    }

    private static (long Seq, string Hash) ReadHead(string folder)
    {
        string path = Path.Combine(folder, HeadName);
        if (!File.Exists(path)) return (0, HistoryLine.Genesis);
        string text = Encoding.ASCII.GetString(DurableFile.Read(path, 1024, HeadName));
        return text.Split(' ') is [var number, { Length: HistoryLine.HexDigits + 1 } rest]
            && long.TryParse(number, out long seq) && seq > 0 && text == Head(seq, rest[..^1])
            ? (seq, rest[..^1])
            : throw new HistoryDamagedException(HeadName, 1, "the head", "a number and a hash", $"'{text.ReplaceLineEndings(" ")}'");
    }

    private static string Head(long seq, string hash) => $"{seq} {hash}\n";

    private void Mend()
    {
        if (RandomAccess.GetLength(_file) > _length)
        {
            RandomAccess.SetLength(_file, _length);
            RandomAccess.FlushToDisk(_file);
        }
        if (_entries.Count == 0 || ReadHead(_folder).Seq == _entries.Count) return;
        try
        {
            WriteHead(_entries[^1]);
        }
        catch (Exception e) when (DurableFile.Refuses(e))
        {
            // What was decided can be read all the same; the next event brings the head up, or is refused.
        }
    }

    private void Write(byte[] line, HistoryEntry entry)
    {
        try
        {
            RandomAccess.Write(_file, line, _length);
            RandomAccess.FlushToDisk(_file);
            WriteHead(entry);
        }
        catch (Exception e) when (DurableFile.Refuses(e))
        {
            TakeBack(entry.Seq);
            string then = _stopped is null ? "nothing has changed" : "and it could not be taken back: nothing is written down any more until the process starts again";
            throw new RegistryRefusedException(Refusal.NotKept, $"the registry's history cannot be written ({DurableFile.Why(e)}); {then}", cause: e);
        }
    }

    // Half a line must not stay between the last one and the next, and a whole one that was not acknowledged must not come back.
    private void TakeBack(long seq)
    {
        try
        {
            RandomAccess.SetLength(_file, _length);
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception e) when (DurableFile.Refuses(e))
        {
            _stopped = $"line {seq} of the registry's history could be neither written nor taken back ({DurableFile.Why(e)}): "
                + "nothing is written down any more until the process starts again";
        }
    }

    private void WriteHead(HistoryEntry last) =>
        DurableFile.Replace(Path.Combine(_folder, HeadName), Encoding.ASCII.GetBytes(Head(last.Seq, last.Hash)));
}
