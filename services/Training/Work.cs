using QuadTurbo.Hosting.Notifications;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Training.Cycle;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;

namespace QuadTurbo.Training;

/// <summary>Something that the lane owes and does outside of its lock, one after the other.</summary>
internal abstract class Work
{
    /// <summary>The model that it made; null for none.</summary>
    public ModelRef? Model { get; set; }

    /// <summary>What came of it, in words.</summary>
    public string Why { get; set; } = "";
}

/// <summary>A version of the online learner to publish.</summary>
internal sealed class OnlineWork(VersionDraft draft) : Work
{
    public VersionDraft Draft { get; } = draft;
}

/// <summary>A full retrain, and the night that asked for it if one did.</summary>
internal sealed class FullWork(RetrainRequest request, Night? night) : Work
{
    public RetrainRequest Request { get; } = request;

    public Night? Night { get; } = night;
}

/// <summary>A calibrator that was fitted again, to put in its place.</summary>
internal sealed class CalibrationWork(OpportunityKind kind, TreesHead head, ModelAssigned serving, DateTime at) : Work
{
    public OpportunityKind Kind { get; } = kind;

    public TreesHead Head { get; } = head;

    public ModelAssigned Serving { get; } = serving;

    public DateTime At { get; } = at;
}

/// <summary>A night that makes no model, to write down.</summary>
internal sealed class NightWork(Night night) : Work
{
    public Night Night { get; } = night;
}

/// <summary>Something to tell.</summary>
internal sealed class SayWork(Notification notification) : Work
{
    public Notification Notification { get; } = notification;
}
