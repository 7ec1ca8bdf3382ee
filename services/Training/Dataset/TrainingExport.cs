using System.Text.Json;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Training.Dataset;

/// <summary>Writes labelled samples as JSONL [LANE-21]: one object per line, UTF-8, <c>\n</c>.</summary>
/// <remarks>
/// Keys: <c>id, ts</c> (known-at, UTC), <c>kind, lane, market, passed, features{name: value|null}, score, label</c> (1 won after fees, 0 lost),
/// <c>net</c> (quote currency), <c>net_bps, slippage_bps, known_at</c> (of the outcome, UTC), <c>model, schema, schema_version</c>. A feature that is not known is
/// null, never 0. <see cref="TrainingImport"/> reads them. Not thread-safe.
/// </remarks>
public sealed class TrainingExport(Stream output) : IDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];
    private static readonly JsonEncodedText[] FeatureNames = [.. FeatureSchema.Columns.Select(c => JsonEncodedText.Encode(c.Name))];
    private readonly Utf8JsonWriter _json = new(output);

    /// <summary>Lines written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one line.</summary>
    public void Write(LabelledSample sample)
    {
        Decision decision = sample.Decision;
        Opportunity opportunity = decision.Opportunity;
        _json.WriteStartObject();
        _json.WriteString("id", decision.Id.ToString());
        _json.WriteString("ts", opportunity.KnownAt);
        _json.WriteString("kind", opportunity.Kind.Code());
        _json.WriteString("lane", sample.Lane == Trading.Outcomes.Lane.Production ? "production" : "shadow");
        _json.WriteString("market", opportunity.Market);
        _json.WriteBoolean("passed", decision.Passed);
        _json.WriteStartObject("features");
        ReadOnlySpan<float> features = opportunity.ReadFeatures();
        for (int i = 0; i < features.Length; i++)
        {
            if (float.IsFinite(features[i])) _json.WriteNumber(FeatureNames[i], features[i]);
            else _json.WriteNull(FeatureNames[i]);
        }
        _json.WriteEndObject();
        if (double.IsFinite(decision.Score)) _json.WriteNumber("score", decision.Score);
        else _json.WriteNull("score");
        _json.WriteNumber("label", sample.Trade.Won ? 1 : 0);
        _json.WriteNumber("net", sample.Trade.Net);
        Sample learnt = Sample.Of(decision, sample.Lane, sample.Trade);
        _json.WriteNumber("net_bps", learnt.NetBps);
        _json.WriteNumber("slippage_bps", learnt.SlippageBps);
        _json.WriteString("known_at", sample.Trade.Exit.At);
        _json.WriteString("model", decision.Model.Id);
        _json.WriteString("schema", FeatureSchema.Hash);
        _json.WriteString("schema_version", FeatureSchema.Version);
        _json.WriteEndObject();
        _json.Flush();
        output.Write(NewLine);
        _json.Reset();
        Count++;
    }

    /// <summary>Ends the last line; the stream stays open.</summary>
    public void Dispose() => _json.Dispose();
}
