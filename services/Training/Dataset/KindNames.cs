using QuadTurbo.Scoring;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Training.Dataset;

/// <summary>The kinds of opportunity by name.</summary>
internal static class KindNames
{
    /// <summary>For people: cross-venue, directional.</summary>
    public static string Text(this OpportunityKind kind) => kind == OpportunityKind.CrossVenue ? "cross-venue" : "directional";

    /// <summary>For programs, and the name of the part of a package that scores the kind: cross_venue, directional.</summary>
    public static string Code(this OpportunityKind kind) => kind == OpportunityKind.CrossVenue ? ModelPackage.CrossVenuePart : ModelPackage.DirectionalPart;
}
