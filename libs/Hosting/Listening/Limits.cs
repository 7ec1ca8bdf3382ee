using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace QuadTurbo.Hosting.Listening;

/// <summary>What one request may take of the process .</summary>
public static class Limits
{
    /// <summary>Most bytes of a body, where an endpoint does not say otherwise.</summary>
    public const long BodyBytes = 1 << 20;

    /// <summary>Most bytes of all headers of a request.</summary>
    public const int HeaderBytes = 16 * 1024;

    /// <summary>Deepest nesting of JSON.</summary>
    public const int JsonDepth = 32;

    /// <summary>A body that comes slower than this, after <see cref="Patience"/>, is given up.</summary>
    public const double LeastBytesPerSecond = 240;

    /// <summary>How long the headers may take, and the first bytes of a body.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = Patience;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, Patience);
    }
}

/// <summary>Most bytes of a body of one endpoint: metadata for routing.</summary>
/// <param name="Bytes">The limit.</param>
public sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
{
    /// <inheritdoc/>
    public long? MaxRequestBodySize => Bytes;
}
