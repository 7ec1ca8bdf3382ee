using System.Buffers.Binary;
using QuadTurbo.Auditor.Ledger;

namespace QuadTurbo.Services.Tests.Auditor.Ledger;

/// <summary>The writer that is killed: appends records (round, index), says on its output how many of them are durable, seals.</summary>
internal static class LedgerChild
{
    public const string Verb = "ledger-writer";

    public static readonly LedgerOptions Options = new() { SegmentBytes = 4096, BufferBytes = 8192, ReserveBytes = 0 };

    public static int Run(string directory, int round, int count)
    {
        using var output = Console.OpenStandardOutput();
        using var writer = LedgerWriter.Open(directory, Options, TimeProvider.System);
        long first = writer.NextSequence;
        byte[] acknowledged = new byte[4];
        writer.OnCommitted = sequence =>
        {
            BinaryPrimitives.WriteInt32LittleEndian(acknowledged, (int)(sequence - first + 1));
            output.Write(acknowledged);
            output.Flush();
        };
        for (int i = 0; i < count; i++)
            writer.Append(1, Payload(round, i));
        writer.Seal();
        return 0;
    }

    public static byte[] Payload(int round, int index)
    {
        byte[] payload = TemporaryLedger.Payload(index, 8 + index % 150);
        BinaryPrimitives.WriteInt32LittleEndian(payload, round);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), index);
        return payload;
    }
}
