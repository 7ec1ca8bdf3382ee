using System.Security.Cryptography;

namespace QuadTurbo.MarketData.Feeds.Recorded;

/// <summary>The lines of a file, plain or gzip (told by its first bytes), with bounded memory.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>A longer line, in bytes, is refused.</summary>
    public const int MaxLine = 65_536;

    private readonly byte[] _buffer = new byte[2 * MaxLine];
    private readonly IncrementalHash? _hash;
    private readonly string _file;
    private readonly Stream _stream;
    private readonly uint? _expectedLength;
    private int _start, _end, _lineStart, _lineEnd;
    private uint _length;
    private bool _ended;

    /// <param name="path">Where it lies.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="hash">Takes the uncompressed bytes.</param>
    /// <exception cref="FeedRefusedException">It cannot be opened, or is empty.</exception>
    public LineReader(string path, string file, IncrementalHash? hash = null)
    {
        (_file, _hash) = (file, hash);
        try
        {
            var raw = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, MaxLine, FileOptions.SequentialScan);
            (_stream, _expectedLength) = Unzipped(raw, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedRefusedException($"{file}: cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The current line without its end; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineEnd - _lineStart);

    /// <summary>Moves to the next line; false at the end of the file.</summary>
    /// <exception cref="FeedRefusedException">The gzip data is damaged or cut, or a line is too long.</exception>
    public bool Read()
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n');
            if (length >= 0) return Take(length, skip: 1);
            if (_ended) return _start < _end && Take(_end - _start, skip: 0);
            Fill();
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool Take(int length, int skip)
    {
        _lineStart = _start;
        _lineEnd = _start + length;
        _start = _lineEnd + skip;
        if (Number++ == 0 && Line.StartsWith("\uFEFF"u8)) _lineStart += 3;
        if (_lineEnd > _lineStart && _buffer[_lineEnd - 1] == '\r') _lineEnd--;
        return true;
    }

    private void Fill()
    {
        if (_end - _start > MaxLine) throw new FeedRefusedException($"{_file}:{Number + 1}: the line is longer than {MaxLine} bytes");
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read = ReadBytes();
        _hash?.AppendData(_buffer, _end, read);
        _end += read;
        _length += (uint)read;
        _ended = read == 0;
        if (_ended && _expectedLength is { } expected && expected != _length)
            throw new FeedRefusedException(
                $"{_file}: the gzip file is cut or damaged: {_length} bytes unpacked where its end says {expected} "
                + "(joined gzip files must be packed as one)");
    }

    private int ReadBytes()
    {
        try
        {
            return _stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException e)
        {
            throw new FeedRefusedException($"{_file}: the gzip file is damaged after line {Number}", e);
        }
        catch (IOException e)
        {
            throw new FeedRefusedException($"{_file}: cannot be read after line {Number}: {e.Message}", e);
        }
    }

    // GZipStream ends silently where a file is cut, so its last four bytes (the unpacked length modulo 2^32, RFC 1952) are checked at the end.
    private static (Stream Stream, uint? Length) Unzipped(FileStream raw, string file)
    {
        Span<byte> bytes = stackalloc byte[4];
        int head = raw.ReadAtLeast(bytes[..2], 2, throwOnEndOfStream: false);
        if (head == 0)
        {
            raw.Dispose();
            throw new FeedRefusedException($"{file}: the file is empty");
        }
        bool zipped = head == 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
        if (zipped != file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && !zipped)
        {
            raw.Dispose();
            throw new FeedRefusedException($"{file}: is named .gz but is no gzip file");
        }
        uint? length = null;
        if (zipped)
        {
            raw.Seek(Math.Max(0, raw.Length - 4), SeekOrigin.Begin);
            raw.ReadAtLeast(bytes, 4, throwOnEndOfStream: false);
            length = BitConverter.ToUInt32(bytes);
        }
        raw.Seek(0, SeekOrigin.Begin);
        return (zipped ? new System.IO.Compression.GZipStream(raw, System.IO.Compression.CompressionMode.Decompress) : raw, length);
    }
}
