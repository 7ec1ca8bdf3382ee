using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Writes the answer to a request for predictions (SERV-03) into one pooled buffer; allocates nothing. </summary>
internal struct PredictionWriter
{
    // What a row has beside its route id and the two labels: keys, three numbers of at most 24 characters, two truth values.
    private const int MostOfRow = 400;
    private const int MostOfEnds = 2048;
    private readonly byte[] _buffer;
    private int _length;

    private PredictionWriter(byte[] buffer) => _buffer = buffer;

    /// <summary>The answer to <c>POST /predict/batch</c>; give <see cref="Written.Buffer"/> back to the shared pool.</summary>
    public static Written Batch(PredictionBatch batch, in PredictionAnswer answer, Names names, Names? challenger, DateTime now)
    {
        var writer = new PredictionWriter(ArrayPool<byte>.Shared.Rent(SizeOf(batch, names, challenger)));
        double total = answer.Elapsed.TotalMilliseconds;
        Span<byte> tail = stackalloc byte[128];
        tail = tail[..Tail(tail, total / batch.Count, now)];
        writer.Raw("{\"predictions\":["u8);
        int executable = 0, challenged = 0;
        ReadOnlySpan<PredictionInput> inputs = batch.Inputs;
        ReadOnlySpan<PredictionResult> results = batch.Results;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i > 0) writer.Raw(","u8);
            bool isChallenged = challenger is not null && results[i].Challenged;
            if (isChallenged) challenged++;
            if (writer.Row(batch, in inputs[i], in results[i], isChallenged ? challenger! : names, tail)) executable++;
            writer.Raw("}"u8);
        }
        writer.Raw("],\"total_opportunities\":"u8);
        writer.Number(batch.Count);
        writer.Raw(",\"executable_count\":"u8);
        writer.Number(executable);
        writer.Raw(",\"total_inference_time_ms\":"u8);
        writer.Number(total);
        writer.Raw(",\"avg_inference_time_ms\":"u8);
        writer.Number(total / batch.Count);
        writer.Raw(answer.Degraded ? ",\"degraded\":true"u8 : ",\"degraded\":false"u8);
        bool both = challenged > 0 && challenged < batch.Count;
        writer.Ending(batch, in answer, challenged == batch.Count ? challenger! : names, both ? challenger : null);
        return new Written(writer._buffer, writer._length);
    }

    /// <summary>The answer to <c>POST /predict/single</c>; give <see cref="Written.Buffer"/> back to the shared pool.</summary>
    public static Written Single(PredictionBatch batch, in PredictionAnswer answer, Names names, Names? challenger, DateTime now)
    {
        Names judge = challenger is not null && batch.Results[0].Challenged ? challenger : names;
        var writer = new PredictionWriter(ArrayPool<byte>.Shared.Rent(SizeOf(batch, judge, null)));
        Span<byte> tail = stackalloc byte[128];
        tail = tail[..Tail(tail, answer.Elapsed.TotalMilliseconds, now)];
        writer.Row(batch, in batch.Inputs[0], in batch.Results[0], judge, tail);
        writer.Ending(batch, in answer, judge, challenger: null);
        return new Written(writer._buffer, writer._length);
    }

    private static int SizeOf(PredictionBatch batch, Names names, Names? challenger)
    {
        int labels = Math.Max(names.Length, challenger?.Length ?? 0);
        long size = MostOfEnds + 2 * labels + (long)batch.Count * (MostOfRow + labels);
        foreach (ref readonly PredictionInput input in batch.Inputs) size += input.RouteIdLength;
        int reason = Math.Max(names.NoScore.Length, challenger?.NoScore.Length ?? 0);
        foreach (ref readonly PredictionResult result in batch.Results)
            if (double.IsNaN(result.Score)) size += reason;
        return checked((int)size);
    }

    // What is the same in every row, after the labels.
    private static int Tail(Span<byte> tail, double milliseconds, DateTime now)
    {
        milliseconds.TryFormat(tail, out int length, default, CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> key = ",\"timestamp\":\""u8;
        key.CopyTo(tail[length..]);
        length += key.Length;
        now.TryFormat(tail[length..], out int stamp, "s", CultureInfo.InvariantCulture);
        length += stamp;
        ReadOnlySpan<byte> next = "\",\"missing_features\":"u8;
        next.CopyTo(tail[length..]);
        return length + next.Length;
    }

    private bool Row(PredictionBatch batch, in PredictionInput input, in PredictionResult result, Names names, ReadOnlySpan<byte> tail)
    {
        bool execute = result.Score >= batch.Threshold;
        Raw("{\"route_id\":\""u8);
        Raw(batch.Body.Span.Slice(input.RouteIdStart, input.RouteIdLength));
        Raw("\",\"prediction_score\":"u8);
        Number(result.Score);
        Raw(execute ? ",\"should_execute\":true"u8 : ",\"should_execute\":false"u8);
        Raw(names.Labels(result.TreesScored, result.OnnxScored));
        Raw(tail);
        Number(BitOperations.PopCount(result.Missing));
        Raw(result.Degraded ? ",\"degraded\":true,\"disagreement\":"u8 : ",\"degraded\":false,\"disagreement\":"u8);
        Number(result.Disagreement);
        if (double.IsNaN(result.Score)) Raw(names.NoScore);
        return execute;
    }

    // The model is the one that judged; the challenger is named where both did.
    private void Ending(PredictionBatch batch, in PredictionAnswer answer, Names names, Names? challenger)
    {
        Raw(",\"missing_feature_names\":["u8);
        bool first = true;
        for (int f = 0; f < FeatureSchema.Count; f++)
        {
            if ((answer.Missing & 1u << f) == 0) continue;
            if (!first) Raw(","u8);
            first = false;
            Raw(Names.Features[f]);
        }
        Raw("]"u8);
        Raw(names.Model);
        Raw(challenger is null ? Names.NoChallenger : challenger.Challenger);
        Raw(batch.UseGpu ? names.ProviderNote : Names.NoNote);
        Raw("}"u8);
    }

    private void Number(int value)
    {
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    // Shortest text that reads back to the same bits; what is not known is null.
    private void Number(double value)
    {
        if (!double.IsFinite(value))
        {
            Raw("null"u8);
            return;
        }
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>An answer in a pooled buffer.</summary>
    /// <param name="Buffer">Of the shared pool.</param>
    /// <param name="Length">Bytes of the answer.</param>
    public readonly record struct Written(byte[] Buffer, int Length);

    /// <summary>What a scoring model is called, as the bytes of an answer.</summary>
    public sealed class Names(ScorerNames scorer)
    {
        private readonly byte[][] _labels = [LabelsOf(ScorerNames.StandIn, ScorerNames.StandIn), LabelsOf(scorer.Trees, ScorerNames.StandIn),
            LabelsOf(ScorerNames.StandIn, scorer.Onnx), LabelsOf(scorer.Trees, scorer.Onnx)];

        /// <summary>The features' names, each as a JSON string.</summary>
        public static byte[][] Features { get; } = [.. FeatureSchema.Columns.Select(c => Encoding.UTF8.GetBytes($"\"{c.Name}\""))];

        /// <summary>Whose names they are.</summary>
        public ScorerNames Scorer { get; } = scorer;

        /// <summary>Model, scope and provider, as members.</summary>
        public byte[] Model { get; } = Encoding.UTF8.GetBytes(
            $",\"model_scope\":\"{scorer.Scope}\",\"model_version\":\"{scorer.Model.Label}\",\"model_id\":\"{scorer.Model.Id}\",\"provider\":\"{scorer.Provider}\"");

        /// <summary>Why a row has no score, and by which version, as a member.</summary>
        public byte[] NoScore { get; } = Encoding.UTF8.GetBytes(
            $",\"no_score\":{{\"model_version\":\"{scorer.Model.Label}\","
            + $"\"reason\":\"{ReasonOf(scorer)} gave no number for a row in which so many features are missing\"}}");

        /// <summary>No note, as a member.</summary>
        public static ReadOnlySpan<byte> NoNote => ",\"provider_note\":null"u8;

        /// <summary>Why a GPU that was asked for did not score, as a member; null where it did.</summary>
        public byte[] ProviderNote { get; } = Encoding.UTF8.GetBytes($",\"provider_note\":{NoteOf(scorer)}");

        /// <summary>No challenger, as members.</summary>
        public static ReadOnlySpan<byte> NoChallenger => ",\"challenger_version\":null,\"challenger_id\":null"u8;

        /// <summary>The model as the challenger beside another, as members.</summary>
        public byte[] Challenger { get; } = Encoding.UTF8.GetBytes($",\"challenger_version\":\"{scorer.Model.Label}\",\"challenger_id\":\"{scorer.Model.Id}\"");

        /// <summary>Most bytes that they add to a row or to the ends.</summary>
        public int Length => Math.Max(_labels.Max(l => l.Length), Math.Max(Model.Length, Challenger.Length));

        /// <summary>The versions that scored one row, as members; a member that did not score has its stand-in.</summary>
        public ReadOnlySpan<byte> Labels(bool trees, bool onnx) => _labels[(trees ? 1 : 0) + (onnx ? 2 : 0)];

        private static string ReasonOf(ScorerNames scorer) => (scorer.Trees, scorer.Onnx) switch
        {
            (ScorerNames.StandIn, not ScorerNames.StandIn) => $"onnx {scorer.Onnx}",
            (not ScorerNames.StandIn, not ScorerNames.StandIn) => $"xgboost {scorer.Trees} and onnx {scorer.Onnx}",
            _ => scorer.Trees,
        };

        private static string NoteOf(ScorerNames scorer) =>
            scorer.Provider != "CPUExecutionProvider" ? "null"
            : scorer.GpuFrom == 0 ? "\"use_gpu was asked for; there is no GPU that scores this model faster, so the CPU scored\""
            : $"\"use_gpu was asked for; a GPU is faster from {scorer.GpuFrom} opportunities on, so the CPU scored\"";

        private static byte[] LabelsOf(string trees, string onnx) =>
            Encoding.UTF8.GetBytes($",\"model_version_xgb\":\"{trees}\",\"model_version_onnx\":\"{onnx}\",\"inference_time_ms\":");
    }
}
