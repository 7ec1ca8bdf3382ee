using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using QuadTurbo.Hosting;

namespace QuadTurbo.Gateway.Security;

/// <summary>Tells whether a key is one of those that may change state; a key that is made or revoked counts from the next request on.</summary>
/// <remarks>Hashes are compared, each in constant time and all of them: how long an answer takes tells nothing of a key.</remarks>
public sealed partial class KeyRing
{
    private readonly ApiKeyFile _file;
    private readonly byte[]? _fromSettings;
    private readonly ILogger<KeyRing> _log;
    private readonly Lock _reading = new();
    private volatile Snapshot _snapshot;

    /// <summary>The keys of the process's data directory, and the one of its settings.</summary>
    /// <exception cref="InvalidDataException">The file does not read.</exception>
    public KeyRing(ServiceHostOptions host, ApiSettings settings, ILogger<KeyRing> log)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(settings);
        _file = new ApiKeyFile(host.DataDirectory);
        _fromSettings = settings.Key.Length == 0 ? null : ApiKeyFile.HashOf(settings.Key);
        _log = log;
        _snapshot = Load();
    }

    /// <summary>True when there is at least one key, or when it cannot be told.</summary>
    public bool Any
    {
        get
        {
            Snapshot now = Current();
            return !now.Known || _fromSettings is not null || now.Hashes.Length > 0;
        }
    }

    /// <summary>Whether <paramref name="key"/> is one of the keys.</summary>
    /// <param name="key">What a request carries.</param>
    /// <param name="generatedOnly">Whether only keys of <c>keys create</c> count: their 256 random bits cannot be guessed, one that a person chose may be.</param>
    public bool Accepts(string? key, bool generatedOnly = false)
    {
        return !string.IsNullOrEmpty(key) && AcceptsHash(ApiKeyFile.HashOf(key), generatedOnly);
    }

    /// <summary>Whether a key of that hash is one of the keys still: for who was let in by it and has stayed.</summary>
    public bool AcceptsHash(ReadOnlySpan<byte> hash, bool generatedOnly = false)
    {
        bool found = !generatedOnly && _fromSettings is not null && CryptographicOperations.FixedTimeEquals(hash, _fromSettings);
        foreach (byte[] known in Current().Hashes) found |= CryptographicOperations.FixedTimeEquals(hash, known);
        return found;
    }

    private Snapshot Current()
    {
        Snapshot snapshot = _snapshot;
        if (File.GetLastWriteTimeUtc(_file.Path) == snapshot.WrittenAt) return snapshot;
        lock (_reading)
        {
            try
            {
                return _snapshot = Load();
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                LogUnreadable(_log, e.Message);
                return new Snapshot([], snapshot.WrittenAt, Known: false);
            }
        }
    }

    private Snapshot Load()
    {
        // The time is read first: a change between the two is seen at the next request.
        DateTime writtenAt = File.GetLastWriteTimeUtc(_file.Path);
        return new Snapshot([.. _file.Read().Select(k => Convert.FromHexString(k.Sha256))], writtenAt, Known: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "no key is accepted: {Why}")]
    private static partial void LogUnreadable(ILogger log, string why);

    private sealed record Snapshot(byte[][] Hashes, DateTime WrittenAt, bool Known);
}
