using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Models;
using QuadTurbo.Registry.Promotion;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Registry.Desk;

/// <summary>What the registry knows, as people and programs hear it. Numbers that cannot be told are null.</summary>
internal static class Views
{
    private const string MemberTag = "quadturbo.member.";

    /// <summary>The tag by which a version that judges names its registered member of a type.</summary>
    public static string TagOf(VersionType type) => MemberTag + Composer.MemberName(type);

    /// <summary>The registered member of a type that a version has; null where it has none, or none that is registered by itself.</summary>
    public static string? MemberIn(ModelVersion version, VersionType type) => version.Tags.GetValueOrDefault(TagOf(type));

    /// <summary>What predictions call what a version has of a type: its registered member, its own, or <c>v0.1.0</c> for one that is not there.</summary>
    public static string LabelIn(VersionCatalogue catalogue, MemberNames members, ModelVersion judge, VersionType type) =>
        type == VersionType.MetaLabel ? judge.Model.Label
        : MemberIn(judge, type) is { } member ? catalogue.Find(member)!.Model.Label
        : members.Of(judge, type);

    /// <summary>What an experiment is about: the member that the two do not share, or all of them.</summary>
    public static VersionType TypeOf(VersionCatalogue catalogue, LiveModel live)
    {
        ModelVersion champion = catalogue.Find(live.Champion!.Id)!, challenger = catalogue.Find(live.Challenger!.Id)!;
        VersionType[] members = [VersionType.Xgboost, VersionType.Onnx];
        foreach (VersionType type in members)
            if (MemberIn(challenger, type) is { } member && member != MemberIn(champion, type)) return type;
        return VersionType.MetaLabel;
    }

    /// <summary>A version, with what it judges as a member.</summary>
    public static VersionView Of(VersionCatalogue catalogue, ModelVersion v)
    {
        (string status, double weight) = Composer.MemberName(v.Type) is null
            ? (v.Status.ToString().ToLowerInvariant(), v.TrafficWeight)
            : AsMember(catalogue, v);
        return new VersionView
        {
            Version = v.Model.Label,
            ModelType = v.Type.Text(),
            ModelId = v.Model.Id,
            Ordinal = v.Model.Ordinal,
            Kind = v.Kind,
            Path = v.Path,
            CreatedAt = RegisteredAt(v),
            Metrics = v.Metrics,
            Active = v.Active,
            TrafficWeight = weight,
            Status = status,
            Ready = v.Ready,
            Verdict = v.Verdict,
            Notes = v.Notes,
            Parent = v.Parent,
            Tags = v.Tags,
        };
    }

    /// <summary>When a version was registered, UTC; null for a baseline of which nobody knows.</summary>
    public static DateTime? RegisteredAt(ModelVersion v) => v.RegisteredAt > DateTime.UnixEpoch ? v.RegisteredAt : null;

    /// <summary>What is or was live.</summary>
    public static LiveView Of(LiveModel live) => new(
        live.Champion, live.Challenger, live.Share, live.Experiment, live.Seq == 0 ? null : live.Since, live.Why, live.Seq, live.Pinned);

    /// <summary>The experiment that runs; null for none.</summary>
    /// <param name="catalogue">Versions.</param>
    /// <param name="members">What predictions call members.</param>
    /// <param name="judged">How it stands; null where evidence is not at hand.</param>
    /// <param name="notes">Words of caution.</param>
    public static ExperimentView? Experiment(
        VersionCatalogue catalogue, MemberNames members, (ExperimentStanding Standing, PromotionVerdict Verdict)? judged, params IReadOnlyList<string> notes)
    {
        LiveModel live = catalogue.LiveNow(VersionType.MetaLabel);
        if (live is not { Experiment: { } name, Champion: { } champion, Challenger: { } challenger }) return null;
        VersionType type = TypeOf(catalogue, live);
        ExperimentStanding? standing = judged?.Standing;
        return new ExperimentView
        {
            Name = name,
            ModelType = type.Text(),
            VersionA = LabelIn(catalogue, members, catalogue.Find(champion.Id)!, type),
            VersionB = LabelIn(catalogue, members, catalogue.Find(challenger.Id)!, type),
            TrafficSplit = [1 - live.Share, live.Share],
            Champion = champion,
            Challenger = challenger,
            Since = live.Since,
            Why = live.Why,
            Outcomes = standing?.Outcomes ?? 0,
            GainBps = Finite(standing?.GainBps.Estimate),
            GainBpsInterval = standing is { GainBps: { } gain } && double.IsFinite(gain.Low) && double.IsFinite(gain.High) ? [gain.Low, gain.High] : null,
            Checks = judged is { } known ? Checks(known.Verdict) : [],
            Notes = notes,
        };
    }

    /// <summary>The checks of a verdict.</summary>
    public static IReadOnlyList<CheckView> Checks(PromotionVerdict verdict) =>
        [.. verdict.Checks.Select(c => new CheckView(c.Name, c.Passed, Finite(c.Measured), Finite(c.Limit), c.Words))];

    private static (string Status, double Weight) AsMember(VersionCatalogue catalogue, ModelVersion v)
    {
        LiveModel live = catalogue.LiveNow(VersionType.MetaLabel);
        bool champion = Has(live.Champion), challenger = Has(live.Challenger);
        string status = champion ? "champion" : challenger ? "challenger" : v.Status.ToString().ToLowerInvariant();
        return (status, (champion ? 1 - live.Share : 0) + (challenger ? live.Share : 0));

        bool Has(ModelRef? judge) => judge is not null && catalogue.Find(judge.Id) is { } made && MemberIn(made, v.Type) == v.Model.Id;
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
