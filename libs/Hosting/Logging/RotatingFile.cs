namespace QuadTurbo.Hosting.Logging;

/// <summary>A file of lines that is renamed to <c>.1</c>, <c>.2</c>, … when it would grow past its limit, and that survives a full disk.</summary>
/// <remarks>Used by one thread. Unbuffered: an appended line survives the death of the process. After a failure the file is closed and
/// tried again once <c>retryAfter</c> has passed; opening cuts off a torn last line, so that every line stays whole.</remarks>
internal sealed class RotatingFile(string path, long maxBytes, int files, TimeSpan retryAfter, TimeProvider clock) : IDisposable
{
    private FileStream? _file;
    private long _length;
    private long _failedAt;
    private bool _failed;

    /// <summary>Appends a line that ends in a line feed; false if it could not be written.</summary>
    public bool Append(ReadOnlySpan<byte> line)
    {
        if (_failed && clock.GetElapsedTime(_failedAt) < retryAfter)
            return false;
        try
        {
            if (_file is not null && _length > 0 && _length + line.Length > maxBytes)
                Rotate();
            _file ??= Open();
            _file.Write(line);
            _length += line.Length;
            _failed = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Close();
            _failed = true;
            _failedAt = clock.GetTimestamp();
            return false;
        }
    }

    public void Dispose() => Close();

    private FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            _length = file.CanSeek ? CutTornLine(file) : 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private long CutTornLine(FileStream file)
    {
        long end = EndOfLastLine();
        if (end != file.Length)
            file.SetLength(end);
        file.Position = end;
        return end;
    }

    private long EndOfLastLine()
    {
        using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] block = new byte[64 * 1024];
        for (long end = reader.Length; end > 0;)
        {
            int size = (int)Math.Min(block.Length, end);
            reader.Position = end - size;
            reader.ReadExactly(block, 0, size);
            int at = block.AsSpan(0, size).LastIndexOf((byte)'\n');
            if (at >= 0)
                return end - size + at + 1;
            end -= size;
        }

        return 0;
    }

    private void Rotate()
    {
        Close();
        for (int i = files - 1; i >= 1; i--)
        {
            string from = i == 1 ? path : $"{path}.{i - 1}";
            if (File.Exists(from))
                File.Move(from, $"{path}.{i}", overwrite: true);
        }

        if (files == 1)
            File.Delete(path);
    }

    private void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // The handle is released either way; what it failed to say has been counted.
        }

        _file = null;
        _length = 0;
    }
}
