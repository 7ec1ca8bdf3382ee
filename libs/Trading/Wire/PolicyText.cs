using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Trading.Wire;

/// <summary>A policy as text, made once for as long as it applies.</summary>
internal sealed class PolicyText
{
    private const int HashBytes = 16;
    private static readonly ConditionalWeakTable<GatePolicy, PolicyText> Known = [];

    private PolicyText(GatePolicy policy)
    {
        Content = JsonSerializer.SerializeToUtf8Bytes(new PolicyContent(policy.Gates, policy.Settings), WireJson.Of<PolicyContent>());
        Hash = Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, HashBytes));
    }

    /// <summary>Its gates and settings, JSON.</summary>
    public byte[] Content { get; }

    /// <summary>The first 128 bits of the SHA-256 of <see cref="Content"/>, hex.</summary>
    public string Hash { get; }

    public static PolicyText Of(GatePolicy policy) => Known.GetValue(policy, static p => new PolicyText(p));
}
