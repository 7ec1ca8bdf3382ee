using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Trading;

/// <summary>Every message of the platform, in path order.</summary>
public static class Topics
{
    /// <summary>Step 0. MarketData → Shadow, Production: the quotes of one known-at instant.</summary>
    public static Topic<MarketObserved> MarketObserved { get; } = new("market.observed", static m => m.Quotes.Length);

    /// <summary>Step 0. MarketData → Auditor: what the feed was, and what was rejected of it.</summary>
    public static Topic<FeedReport> FeedReported { get; } = new("feed.reported");

    /// <summary>Step 1. MarketData → PreValidator: everything detected at one instant.</summary>
    public static Topic<OpportunityDetected> OpportunityDetected { get; } = new("opportunity.detected", static m => m.Opportunities.Length);

    /// <summary>Step 2. PreValidator → the lanes, Auditor: what passed.</summary>
    public static Topic<OpportunityJudged> OpportunityValidated { get; } = new("opportunity.validated", static m => m.Decisions.Length);

    /// <summary>Step 2. PreValidator → Shadow, Training, Auditor: what was refused.</summary>
    public static Topic<OpportunityJudged> OpportunityRefused { get; } = new("opportunity.refused", static m => m.Decisions.Length);

    /// <summary>Step 3a. Production → Auditor, Training: what the venue made of it.</summary>
    public static Topic<OutcomesKnown> OutcomeExecuted { get; } = new("outcome.executed", static m => m.Outcomes.Length);

    /// <summary>Step 3a. Production → Auditor: the account's guard tripped, was reset, or changed stage.</summary>
    public static Topic<AccountChanged> AccountChanged { get; } = new("account.changed");

    /// <summary>Auditor → Production, once at start: what the ledger says of the account.</summary>
    public static Topic<AccountSnapshot> AccountRestored { get; } = new("account.restored");

    /// <summary>Step 3b. Shadow → Auditor, Training: what the simulation made of it.</summary>
    public static Topic<OutcomesKnown> OutcomeSimulated { get; } = new("outcome.simulated", static m => m.Outcomes.Length);

    /// <summary>Step 3c. Training → Auditor: the sample is in the dataset.</summary>
    public static Topic<OutcomesKnown> OutcomeRecorded { get; } = new("outcome.recorded", static m => m.Outcomes.Length);

    /// <summary>Gateway → Training: what became of a trade of another program.</summary>
    public static Topic<OutcomeReported> OutcomeReported { get; } = new("outcome.reported");

    /// <summary>Step 4. Auditor → whoever watches the gap: production and shadow side by side.</summary>
    public static Topic<TwinsReconciled> OutcomeReconciled { get; } = new("outcome.reconciled", static m => m.Twins.Length);

    /// <summary>Step 4. Auditor → PreValidator: decisions that are on disk; a submission is answered after this.</summary>
    public static Topic<DecisionsCommitted> DecisionsCommitted { get; } = new("decision.committed");

    /// <summary>Step 5. Training → Registry, Auditor: a new version.</summary>
    public static Topic<ModelTrained> ModelTrained { get; } = new("model.trained");

    /// <summary>Step 6. Registry → PreValidator, Inference, Training, Auditor: what a version judges from now on.</summary>
    public static Topic<ModelAssigned> ModelAssigned { get; } = new("model.assigned");
}

/// <summary>Submitted decisions that the ledger holds durably: the message <c>decision.committed</c>.</summary>
/// <param name="Ids">Their opportunities.</param>
public sealed record DecisionsCommitted(OpportunityId[] Ids);
