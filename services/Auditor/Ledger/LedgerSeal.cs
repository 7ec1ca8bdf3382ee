using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QuadTurbo.Hosting.Faults;

namespace QuadTurbo.Auditor.Ledger;

/// <summary>What a clean stop writes beside the ledger, so that whole records cut off its end are missed.</summary>
/// <param name="Count">Records.</param>
/// <param name="Segment">The last segment; -1 if there is none.</param>
/// <param name="Length">The last segment's length [bytes].</param>
/// <param name="Head">SHA-256 of the last record, hexadecimal.</param>
internal sealed record LedgerSeal(long Count, int Segment, long Length, string Head)
{
    public const string Label = "ledger.seal";

    /// <summary>The seal's text, or null if the ledger is not sealed.</summary>
    public static string? ReadText(string dataDirectory)
    {
        try
        {
            return File.ReadAllText(LedgerFormat.SealPath(dataDirectory));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The seal as written, or null if a byte of it has changed.</summary>
    public static LedgerSeal? Parse(string text)
    {
        string[] words = text.TrimEnd('\n').Split(' ');
        return words.Length == 6
            && long.TryParse(words[1], out long count) && int.TryParse(words[2], out int segment) && long.TryParse(words[3], out long length)
            && new LedgerSeal(count, segment, length, words[4]) is var seal && seal.ToText() == text
            ? seal
            : null;
    }

    /// <summary>Puts the seal in its place, durably and at once.</summary>
    /// <exception cref="IOException">It is not in place.</exception>
    public void Write(string dataDirectory, LedgerFaultHook? faults)
    {
        string path = LedgerFormat.SealPath(dataDirectory);
        string temporary = path + ".tmp";
        using (var file = LedgerFile.Open(temporary, FileMode.Create, faults))
        {
            file.Write(Encoding.ASCII.GetBytes(ToText()), 0);
            file.Flush();
        }

        CrashPoint.Hit(LedgerCrashPoints.MidSeal);
        File.Move(temporary, path, overwrite: true);
        LedgerFile.FlushDirectory(dataDirectory, faults);
    }

    /// <summary>Removes the seal durably; what is written from now on is not mistaken for damage.</summary>
    public static void Remove(string dataDirectory, LedgerFaultHook? faults)
    {
        File.Delete(LedgerFormat.SealPath(dataDirectory));
        LedgerFile.FlushDirectory(dataDirectory, faults);
    }

    private string ToText()
    {
        string body = string.Create(CultureInfo.InvariantCulture, $"quadturbo-ledger-seal-1 {Count} {Segment} {Length} {Head}");
        return $"{body} {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(body)))}\n";
    }
}
