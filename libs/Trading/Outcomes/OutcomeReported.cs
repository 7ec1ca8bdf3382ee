using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Outcomes;

/// <summary>What became of a trade that another program made with a model of ours: the message <c>outcome.reported</c> [REG-07].</summary>
public sealed record OutcomeReported
{
    private static readonly int Directional = FeatureSchema.IndexOf("directional");
    private readonly FeatureVector _features;

    /// <summary>The trade, as the caller names it: <c>live_001</c>.</summary>
    public required string TradeId { get; init; }

    /// <summary>The model that it was made with, as the caller names it.</summary>
    public required string ModelId { get; init; }

    /// <summary>Model inputs at entry, within the bounds of the schema.</summary>
    public required FeatureVector Features { get => _features; init => _features = value; }

    /// <summary>It made money after fees.</summary>
    public required bool Won { get; init; }

    /// <summary>Net of fees, bps of the entry.</summary>
    public required double PnlBps { get; init; }

    /// <summary>From entry to exit.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>When it was reported, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>The opportunity that it stands for: the same for the same trade.</summary>
    public OpportunityId Id => OpportunityId.Of(RouteKey.Of("outcome.reported", "", TradeId), position: 0);

    /// <summary>128 bits that are the same for reports that mean the same, but for the time. Computed at each call.</summary>
    public UInt128 Digest
    {
        get
        {
            FeatureVector features = _features;
            byte[] text = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{ModelId.Length}:{ModelId}{TradeId}\n{Won}\n{PnlBps:R}\n{Duration.Ticks}\n"));
            byte[] hash = SHA256.HashData([.. text, .. MemoryMarshal.AsBytes((ReadOnlySpan<float>)features)]);
            return BinaryPrimitives.ReadUInt128BigEndian(hash);
        }
    }

    /// <summary>Gap or direction, as its features say; a gap where they do not.</summary>
    public OpportunityKind Kind => _features[Directional] >= 0.5f ? OpportunityKind.Directional : OpportunityKind.CrossVenue;
}
