using System.Buffers;
using System.Reflection;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Trading.Predictions;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

public class WireRoundTripTests
{
    private const int Messages = 40;

    private static readonly Dictionary<string, string> TreatAs = new() { ["USDT"] = "USD" };
    private readonly InstrumentTable _sender = new(TreatAs);
    private readonly WireTables _reader = new(new InstrumentTable());

    public WireRoundTripTests()
    {
        // Another process numbers its instruments otherwise.
        _reader.Instruments.Get("ELSEWHERE", "Z");
    }

    public static TheoryData<string> TopicNames => [.. typeof(Topics).GetProperties().Select(static p => p.Name)];

    public static TheoryData<string> QueryNames => [.. typeof(Queries).GetProperties().Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(TopicNames))]
    public void Every_message_of_every_topic_is_the_same_after_the_wire(string topic)
    {
        object named = typeof(Topics).GetProperty(topic)!.GetValue(null)!;

        Call(nameof(RoundTrip), named.GetType().GenericTypeArguments, named);
    }

    [Theory]
    [MemberData(nameof(QueryNames))]
    public void Every_question_and_answer_is_the_same_after_the_wire(string query)
    {
        object named = typeof(Queries).GetProperty(query)!.GetValue(null)!;

        Call(nameof(AskAndAnswer), named.GetType().GenericTypeArguments, named);
    }

    [Fact]
    public void Scores_come_back_into_the_batch_that_asked()
    {
        var any = new AnyValue(5, _sender);
        PredictionBatch asked = any.Of<PredictionBatch>(), elsewhere = any.Of<PredictionBatch>();
        while (elsewhere.Count != 3) elsewhere = any.Of<PredictionBatch>();
        while (asked.Count != 3) asked = any.Of<PredictionBatch>();
        foreach (ref PredictionResult result in elsewhere.Results) result = any.Of<PredictionResult>();
        var answer = any.Of<PredictionAnswer>();
        var text = new ArrayBufferWriter<byte>();

        WireFormat.WriteScores(answer, elsewhere, text);
        PredictionAnswer read = WireFormat.ReadScores(text.WrittenSpan, asked, _reader);

        SameBits.Assert(answer, read, _reader.Instruments);
        SameBits.Assert(elsewhere.Results.ToArray(), asked.Results.ToArray(), _reader.Instruments);
    }

    [Fact]
    public void Scores_for_another_number_of_opportunities_are_refused()
    {
        using PredictionBatch one = new(1), two = new(2);
        one.Add();
        two.Add();
        two.Add();
        var text = new ArrayBufferWriter<byte>();
        WireFormat.WriteScores(new AnyValue(1, _sender).Of<PredictionAnswer>(), one, text);

        var refused = Assert.Throws<WireException>(() => WireFormat.ReadScores(text.WrittenSpan, two, _reader));

        Assert.Contains("1 of 2 opportunities", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_of_the_registry_is_thrown_where_it_was_asked()
    {
        var text = new ArrayBufferWriter<byte>();
        WireFormat.WriteRefusal(Queries.StartAbTest, new RegistryRefusedException(Refusal.Conflict, "a test runs", "version_b"), text);

        var refused = Assert.Throws<RegistryRefusedException>(() => WireFormat.ReadAnswer(Queries.StartAbTest, text.WrittenSpan, _reader));

        Assert.Equal((Refusal.Conflict, "a test runs", "version_b"), (refused.Reason, refused.Message, refused.Field));
    }

    [Fact]
    public void What_two_messages_refer_to_is_one_object()
    {
        OpportunityJudged message = Judged(new AnyValue(3, _sender));

        Decision first = Through(Topics.OpportunityValidated, message).Decisions[0], second = Through(Topics.OpportunityRefused, message).Decisions[0];

        Assert.Same(first.Policy, second.Policy);
        Assert.Same(first.Model, second.Model);
        Assert.Same(first.Opportunity.Buy.Instrument, second.Opportunity.Buy.Instrument);
        Assert.Same(_reader.Instruments.All[first.Opportunity.Buy.Instrument.Index], first.Opportunity.Buy.Instrument);
    }

    [Fact]
    public void The_two_outcomes_of_a_twin_share_their_decision()
    {
        var any = new AnyValue(4, _sender);
        Outcome production = any.Of<Outcome>();
        var twin = new Twin(production, production with { Lane = Lane.ShadowSim }, default);

        Twin read = Through(Topics.OutcomeReconciled, new TwinsReconciled([twin])).Twins[0];

        Assert.Same(read.Production.Decision, read.Shadow.Decision);
    }

    [Fact]
    public void A_policy_is_written_once_for_all_decisions_of_a_message()
    {
        OpportunityJudged one = Judged(new AnyValue(3, _sender)), many = one with { Decisions = [.. Enumerable.Repeat(one.Decisions[0], 100)] };

        Assert.Equal(1, Occurrences(Written(Topics.OpportunityValidated, many), "\"hash\":"));
    }

    [Fact]
    public void Many_threads_write_and_read_with_the_same_tables()
    {
        OpportunityJudged[] messages = [.. Enumerable.Range(0, 200).Select(seed => new AnyValue(seed, _sender).Of<OpportunityJudged>())];

        Parallel.ForEach(messages, message => SameBits.Assert(message, Through(Topics.OpportunityValidated, message), _reader.Instruments));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_text_and_becomes_the_replacement_character()
    {
        AccountChanged change = new Samples(_sender).AccountChanged with { Why = "a\ud800" };

        Assert.Equal("a\ufffd", Through(Topics.AccountChanged, change).Why);
    }

    private static OpportunityJudged Judged(AnyValue any)
    {
        while (true)
            if (any.Of<OpportunityJudged>() is { Decisions.Length: > 0 } judged) return judged;
    }

    private static int Occurrences(string text, string of) => text.Split(of).Length - 1;

    private static string Written<T>(Topic<T> topic, T message)
        where T : class
    {
        var text = new ArrayBufferWriter<byte>();
        WireFormat.Write(topic, message, text);
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private T Through<T>(Topic<T> topic, T message)
        where T : class
    {
        var text = new ArrayBufferWriter<byte>();
        WireFormat.Write(topic, message, text);
        return WireFormat.Read(topic, text.WrittenSpan, _reader);
    }

    private void RoundTrip<T>(Topic<T> topic)
        where T : class
    {
        for (int seed = 0; seed < Messages; seed++)
        {
            T message = new AnyValue(seed, _sender).Of<T>();
            SameBits.Assert(message, Through(topic, message), _reader.Instruments);
        }
    }

    private void AskAndAnswer<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query)
    {
        var text = new ArrayBufferWriter<byte>();
        for (int seed = 0; seed < Messages; seed++)
        {
            var any = new AnyValue(seed, _sender);
            TQuestion question = any.Of<TQuestion>();
            text.Clear();
            WireFormat.WriteQuestion(query, question, text);
            SameBits.Assert(question, WireFormat.ReadQuestion(query, text.WrittenSpan, _reader), _reader.Instruments);
            TAnswer answer = any.Of<TAnswer>();
            text.Clear();
            WireFormat.WriteAnswer(query, answer, text);
            SameBits.Assert(answer, WireFormat.ReadAnswer(query, text.WrittenSpan, _reader), _reader.Instruments);
        }
    }

    private void Call(string method, Type[] types, object argument)
    {
        try
        {
            GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(types).Invoke(this, [argument]);
        }
        catch (TargetInvocationException thrown)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown.InnerException!);
        }
    }
}
