using System.Text.Json;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Scoring;

/// <summary>64 bits of a route id, by which a request falls to an arm of an experiment.</summary>
/// <remarks>FNV-1a (Fowler, Noll, Vo) over the bytes of the id in UTF-8, however the request escapes it. The roster mixes the bits.</remarks>
internal static class RouteHash
{
    private const ulong Basis = 0xCBF29CE484222325UL, Prime = 0x100000001B3UL;

    /// <summary>The hash of the route id of <paramref name="input"/>; allocates nothing.</summary>
    public static ulong Of(PredictionBatch batch, in PredictionInput input)
    {
        ReadOnlySpan<byte> written = batch.Body.Span.Slice(input.RouteIdStart, input.RouteIdLength);
        if (!written.Contains((byte)'\\')) return Of(written);
        // An escape is never shorter than what it stands for; the quotes are beside the id.
        Span<byte> meant = written.Length <= 256 ? stackalloc byte[256] : new byte[written.Length];
        var json = new Utf8JsonReader(batch.Body.Span.Slice(input.RouteIdStart - 1, written.Length + 2));
        json.Read();
        return Of(meant[..json.CopyString(meant)]);
    }

    /// <summary>The hash of <paramref name="id"/>, UTF-8.</summary>
    public static ulong Of(ReadOnlySpan<byte> id)
    {
        ulong hash = Basis;
        foreach (byte b in id) hash = (hash ^ b) * Prime;
        return hash;
    }
}
