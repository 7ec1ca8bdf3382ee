using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Scoring.Onnx;
using QuadTurbo.Scoring.Voting;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Registry.Desk;

/// <summary>Puts a member into the ensemble that scores gaps between venues: that is how an xgboost or onnx version judges.</summary>
internal static class Composer
{
    // ENS-01: the trees' weight and the network's.
    private const double TreesWeight = 0.6, NetworkWeight = 0.4;

    /// <summary>What the members of a type are called in an ensemble; null for a type that is none.</summary>
    public static string? MemberName(VersionType type) => type switch
    {
        VersionType.Xgboost => EnsembleHead.Trees,
        VersionType.Onnx => EnsembleHead.Network,
        _ => null,
    };

    /// <summary>The version of a package's own member of a type, as predictions name it; <c>v0.1.0</c> stands for one that it has not.</summary>
    public static string VersionIn(ModelPackage package, VersionType type) =>
        Members(package).FirstOrDefault(m => m.Name == MemberName(type))?.Version ?? ScorerNames.StandIn;

    /// <summary>The names of a package's members after <paramref name="version"/> takes its place among them.</summary>
    public static string NotesOf(ModelPackage champion, VersionType type, string version) =>
        $"{string.Join(" and ", With(Members(champion), new EnsembleMember(MemberName(type)!, version, champion.CrossVenue)).Select(m => $"{m.Name} {m.Version}"))},"
        + $" in the place of {champion.Ref.Label}.";

    /// <summary>The champion with a member in the place of its own of that sort, or beside the other one; alone where there is no other.</summary>
    /// <param name="champion">What serves.</param>
    /// <param name="type">What sort of member it is.</param>
    /// <param name="version">Its label.</param>
    /// <param name="member">The member.</param>
    /// <param name="ordinal">Ordinal of the result; its label is <c>v0.3.ORDINAL</c>.</param>
    public static ModelPackage Compose(ModelPackage champion, VersionType type, string version, ModelHead member, int ordinal)
    {
        EnsembleMember[] members = With(Members(champion), new EnsembleMember(MemberName(type)!, version, member));
        VotingStrategy strategy = (champion.CrossVenue as EnsembleHead)?.Ballot.Strategy ?? VotingStrategy.Weighted;
        double[] weights = members.Length == 1 ? [1] : [TreesWeight, NetworkWeight];
        var head = new EnsembleHead(members, new Ballot(strategy, weights));
        var manifest = new ModelManifest
        {
            Label = $"v0.3.{ordinal}",
            Ordinal = ordinal,
            Kind = "ensemble",
            Samples = Math.Max(head.Samples, champion.Directional.Samples),
            Seed = 0,
            Notes = NotesOf(champion, type, version),
        };
        return ModelPackage.Create(manifest, head, champion.Directional);
    }

    // Trees first.
    private static EnsembleMember[] With(IEnumerable<EnsembleMember> members, EnsembleMember member) =>
        [.. members.Where(m => m.Name != member.Name).Append(member).OrderByDescending(m => m.Name == EnsembleHead.Trees)];

    private static IReadOnlyList<EnsembleMember> Members(ModelPackage package) => package.CrossVenue switch
    {
        EnsembleHead ensemble => [.. ensemble.Members.Where(m => m.Name is EnsembleHead.Trees or EnsembleHead.Network)],
        TreesHead trees => [new EnsembleMember(EnsembleHead.Trees, package.Ref.Label, trees)],
        OnnxHead network => [new EnsembleMember(EnsembleHead.Network, package.Ref.Label, network)],
        _ => [],
    };
}
