using System.Diagnostics;
using System.Diagnostics.Metrics;
using QuadTurbo.Hosting.Telemetry;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.PreValidator.Rules;
using QuadTurbo.PreValidator.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.PreValidator;

/// <summary>Lane 4: scores and judges every opportunity, and says which passed and which did not. Nothing reaches a lane but through here.</summary>
public sealed class PreValidatorLane(Validator validator, ServingModel serving, ITransport transport)
{
    private static readonly Counter<long> Judged = Meters.Shared.CreateCounter<long>("quadturbo_opportunities_judged_total");
    private static readonly Counter<long> PassedCount = Meters.Shared.CreateCounter<long>("quadturbo_opportunities_passed_total");
    private ModelAnswer[] _answers = new ModelAnswer[64];
    private bool[] _passed = new bool[64];
    private long _judged;
    private long _tick = Stopwatch.GetTimestamp();
    private long _sinceTick;

    /// <summary>Judges one batch: afterwards both messages of it are out, in feed order.</summary>
    public async ValueTask JudgeAsync(OpportunityDetected batch, CancellationToken cancel)
    {
        Decision[] decisions = Judge(batch.Opportunities);
        if (!batch.Submitted) _judged += decisions.Length;
        int passes = _passed.AsSpan(0, decisions.Length).Count(true);
        Judged.Add(decisions.Length);
        CountPerSecond(decisions.Length);
        PassedCount.Add(passes);
        (Decision[] validated, Decision[] refused) = Split(decisions, passes);
        await transport.PublishAsync(Topics.OpportunityValidated, Message(batch, validated), cancel);
        await transport.PublishAsync(Topics.OpportunityRefused, Message(batch, refused), cancel);
    }

    private void CountPerSecond(int judged)
    {
        _sinceTick += judged;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_tick);
        if (elapsed < TimeSpan.FromSeconds(1)) return;
        PlatformMeters.Throughput.Record(_sinceTick / elapsed.TotalSeconds);
        (_tick, _sinceTick) = (Stopwatch.GetTimestamp(), 0);
    }

    private Decision[] Judge(Opportunity[] opportunities)
    {
        int count = opportunities.Length;
        if (_answers.Length < count) (_answers, _passed) = (new ModelAnswer[count], new bool[count]);
        ModelRoster roster = serving.Current;
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++) _answers[i] = roster.For(opportunities[i].Id.High).Answer(opportunities[i]);
        long scored = Stopwatch.GetTimestamp();
        TimeSpan scoring = Stopwatch.GetElapsedTime(started, scored);
        ServingModel.Scored(count, scoring);
        Stages.Score.Record(scoring);

        var results = new GateResult[count * validator.GateCount];
        validator.Judge(opportunities, _answers, results, _passed);
        Stages.Judge.Record(Stopwatch.GetElapsedTime(scored));
        var decisions = new Decision[count];
        for (int i = 0; i < count; i++)
        {
            decisions[i] = new Decision
            {
                Opportunity = opportunities[i],
                Passed = _passed[i],
                Gates = results.AsMemory(i * validator.GateCount, validator.GateCount),
                Policy = validator.Policy,
                Score = _answers[i].Score,
                MetaLabel = _answers[i].MetaLabel,
                Model = roster.For(opportunities[i].Id.High).Ref,
                Ordinal = i,
            };
        }
        return decisions;
    }

    private static (Decision[] Validated, Decision[] Refused) Split(Decision[] decisions, int passes)
    {
        var validated = new Decision[passes];
        var refused = new Decision[decisions.Length - passes];
        int v = 0, r = 0;
        foreach (Decision decision in decisions)
        {
            if (decision.Passed) validated[v++] = decision;
            else refused[r++] = decision;
        }
        return (validated, refused);
    }

    private OpportunityJudged Message(OpportunityDetected batch, Decision[] decisions) =>
        new() { Position = batch.Position, Decisions = decisions, JudgedThrough = _judged, Submitted = batch.Submitted };
}
