using QuadTurbo.Hosting.Listening;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Models;

/// <summary>What a version is for; labels, ordinals, the live pointer and experiments are kept for each type apart.</summary>
public enum VersionType
{
    /// <summary>Win probability of an opportunity: <c>meta_label</c>.</summary>
    MetaLabel,

    /// <summary>Boosted trees by themselves: <c>xgboost</c>.</summary>
    Xgboost,

    /// <summary>An ONNX graph by itself: <c>onnx</c>.</summary>
    Onnx,

    /// <summary>Slippage in bps: <c>slippage</c>.</summary>
    Slippage,

    /// <summary>The market's state: <c>regime</c>.</summary>
    Regime,
}

/// <summary>The types in words.</summary>
public static class VersionTypes
{
    private static readonly string[] Names = ["meta_label", "xgboost", "onnx", "slippage", "regime"];

    /// <summary>Every type.</summary>
    public static IReadOnlyList<VersionType> All { get; } = Enum.GetValues<VersionType>();

    /// <summary>The type as it is written: <c>meta_label</c>.</summary>
    public static string Text(this VersionType type) => Names[(int)type];

    /// <summary>The type that <paramref name="text"/> writes.</summary>
    /// <param name="text">Such as <c>meta_label</c>.</param>
    /// <param name="field">Field of a request that it stood in; null for none.</param>
    /// <exception cref="RegistryRefusedException">None is written so; the message names them all.</exception>
    public static VersionType Parse(string text, string? field = null) => Array.IndexOf(Names, text) is var index and >= 0
        ? (VersionType)index
        : throw new RegistryRefusedException(Refusal.Invalid, $"model type '{Echo.Of(text)}' is none of {string.Join(", ", Names)}", field);

    /// <summary>The type of a package.</summary>
    public static VersionType Of(ModelType type) => type switch
    {
        ModelType.MetaLabel => VersionType.MetaLabel,
        ModelType.Slippage => VersionType.Slippage,
        ModelType.Regime => VersionType.Regime,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no type of the registry"),
    };
}
