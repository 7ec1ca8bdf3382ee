using System.Buffers;
using System.Diagnostics;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Benchmarks;

/// <summary>What a judged opportunity costs on its way to another process: time and bytes to write and to read it, by the size of the batch.</summary>
/// <remarks>dotnet run -c Release --project tests/Benchmarks -- wire. Decisions of a synthetic market, judged as the pre-validator judges them.</remarks>
internal static class WireBench
{
    private const int Rounds = 7, Opportunities = 20_480;

    /// <summary>Prints a line for each size of batch.</summary>
    public static void Run(string[] args)
    {
        Decision[] decisions = JudgedMarket.Of(1024);
        foreach (int size in new[] { 1, 64, 1024 })
        {
            OpportunityJudged[] batches = [.. decisions.Chunk(size).Select(chunk => new OpportunityJudged { Position = 1, Decisions = chunk, JudgedThrough = 1 })];
            Measure(size, batches);
        }
    }

    private static void Measure(int size, OpportunityJudged[] batches)
    {
        var tables = new WireTables(new InstrumentTable());
        var text = new ArrayBufferWriter<byte>(WireFormat.MostBytes);
        byte[][] texts = [.. batches.Select(b => Text(b, text))];
        int passes = Opportunities / (batches.Length * size);
        (double Nanoseconds, double Bytes)[] writes = new (double, double)[Rounds], reads = new (double, double)[Rounds];
        // The first round warms up.
        for (int i = -1; i < Rounds; i++)
        {
            (double, double) write = Time(() => Array.ForEach(batches, b => Text(b, text, keep: false)), passes, batches.Length * size);
            (double, double) read = Time(() => Array.ForEach(texts, t => WireFormat.Read(Topics.OpportunityValidated, t, tables)), passes, batches.Length * size);
            if (i >= 0) (writes[i], reads[i]) = (write, read);
        }
        double length = (double)texts.Sum(static t => t.Length) / (batches.Length * size);
        Console.WriteLine($"an opportunity in batches of {size,5}: {length:F0} B; write {Told(writes)}; read {Told(reads)}");
    }

    private static string Told((double Nanoseconds, double Bytes)[] rounds) =>
        $"{Paired.Median(rounds.Select(static r => r.Nanoseconds)) / 1e3:F2} us, {Paired.Median(rounds.Select(static r => r.Bytes)):F0} B allocated";

    private static byte[] Text(OpportunityJudged batch, ArrayBufferWriter<byte> text, bool keep = true)
    {
        text.ResetWrittenCount();
        WireFormat.Write(Topics.OpportunityValidated, batch, text);
        return keep ? text.WrittenSpan.ToArray() : [];
    }

    private static (double Nanoseconds, double Bytes) Time(Action pass, int passes, int opportunities)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        for (int i = 0; i < passes; i++) pass();
        double each = (double)passes * opportunities;
        return (Stopwatch.GetElapsedTime(started).TotalNanoseconds / each, (GC.GetAllocatedBytesForCurrentThread() - bytes) / each);
    }
}
