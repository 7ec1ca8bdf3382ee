using System.Buffers.Binary;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Scoring;

/// <summary>Who judges: the champion and, while an experiment runs, a challenger that judges a share; immutable, swapped as a whole.</summary>
/// <remarks>
/// The same key always meets the same model as long as the experiment lasts: it falls into one of 10,000 buckets by hash(key, challenger), and a share
/// of them is the challenger's. A larger share keeps the keys of a smaller one. The champions before stay loaded, so that going back to one is at once.
/// </remarks>
public sealed class ModelRoster
{
    /// <summary>How many champions before this one stay loaded.</summary>
    public const int Before = 2;

    private const int Buckets = 10_000;
    private readonly ulong _salt;
    private readonly ModelSet[] _before; // latest first

    private ModelRoster(ModelSet champion, ModelSet? challenger, double share, ModelSet[] before)
    {
        _before = before;
        Champion = champion;
        Challenger = challenger;
        Share = share;
        _salt = challenger is null ? 0 : SaltOf(challenger.Ref);
    }

    /// <summary>The labelled baseline alone.</summary>
    public static ModelRoster Baseline { get; } = new(new ModelSet(ModelPackage.Baseline), null, 0, []);

    /// <summary>Judges what the challenger does not.</summary>
    public ModelSet Champion { get; }

    /// <summary>Judges <see cref="Share"/>; null while no experiment runs.</summary>
    public ModelSet? Challenger { get; }

    /// <summary>Share of the challenger, 0 to 1.</summary>
    public double Share { get; }

    /// <summary>The roster after <paramref name="assigned"/>.</summary>
    /// <exception cref="ModelRefusedException">Its bytes are not what its identity says, or it was trained on another feature schema.</exception>
    public ModelRoster After(ModelAssigned assigned)
    {
        ArgumentNullException.ThrowIfNull(assigned);
        if (!(assigned.Share is >= 0 and <= ModelAssigned.All)) throw new ArgumentException($"share {assigned.Share} of {assigned.Model} must be from 0 to 1", nameof(assigned));
        if (assigned.Share == 0) return Challenger?.Ref.Id == assigned.Model.Id ? new ModelRoster(Champion, null, 0, _before) : this;
        ModelSet set = SetOf(assigned);
        if (assigned.Share < ModelAssigned.All) return new ModelRoster(Champion, set, assigned.Share, _before);
        return new ModelRoster(set, null, 0, set == Champion ? _before : [.. _before.Where(b => b != set).Prepend(Champion).Take(Before)]);
    }

    /// <summary>Who judges <paramref name="key"/>, 64 mixed or unmixed bits of what is judged.</summary>
    public ModelSet For(ulong key) => Challenger is null || SplitMix64.Mix(key ^ _salt) % Buckets >= Share * Buckets ? Champion : Challenger;

    private ModelSet SetOf(ModelAssigned assigned)
    {
        if (Is(Champion, assigned)) return Champion;
        if (Challenger is not null && Is(Challenger, assigned)) return Challenger;
        return Array.Find(_before, set => Is(set, assigned)) ?? new ModelSet(ModelPackage.Load(assigned.Package, assigned.Model));
    }

    private static bool Is(ModelSet set, ModelAssigned assigned) => set.Ref == assigned.Model && set.Package.Bytes.Span.SequenceEqual(assigned.Package.Span);

    // The first 64 bits of the challenger's hash: another challenger meets other keys.
    private static ulong SaltOf(ModelRef model) => BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(model.Id.AsSpan("sha256:".Length, 16)));
}
