using QuadTurbo.Auditor.Ledger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>A data directory that is gone after the test, and plain ways to fill and read it.</summary>
internal sealed class TemporaryLedger : IDisposable
{
    public static readonly LedgerOptions Small = new() { ReserveBytes = 0, BufferBytes = 1 << 16, RetryInterval = TimeSpan.FromMilliseconds(1) };

    // In memory where that exists: the disk is slow, and these tests end processes, not power.
    private static readonly string Parent = Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();

    public TemporaryLedger(bool onDisk = false)
    {
        Path = System.IO.Path.Combine(onDisk ? System.IO.Path.GetTempPath() : Parent, "quadturbo-ledger-" + System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public static byte[] Payload(long sequence, int length = 40)
    {
        byte[] bytes = new byte[length];
        new Random((int)sequence).NextBytes(bytes);
        return bytes;
    }

    public string Segment(int number) => System.IO.Path.Combine(Path, "ledger", $"{number:D12}.seg");

    public LedgerWriter Open(LedgerOptions? options = null) => LedgerWriter.Open(Path, options ?? Small, TimeProvider.System);

    /// <summary>Writes <paramref name="count"/> records of 40 bytes, 90 in the file, and stops cleanly or as a crash would.</summary>
    public void Fill(int count, bool seal, long segmentBytes = 1 << 20, int group = 8)
    {
        using var writer = Open(Small with { SegmentBytes = segmentBytes });
        for (int i = 0; i < count; i++)
        {
            writer.Append((ushort)(i % 7), Payload(i));
            if (i % group == group - 1)
                writer.Flush();
        }

        if (seal)
            writer.Seal();
    }

    public LedgerVerification Verify() => LedgerVerifier.Verify(Path);

    public List<byte[]> ReadAll() => [.. LedgerReader.Open(Path).Read().Select(entry => entry.Payload.ToArray())];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
