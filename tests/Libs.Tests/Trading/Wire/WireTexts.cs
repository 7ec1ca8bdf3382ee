using System.Buffers;
using System.Reflection;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Markets;
using QuadTurbo.Trading.Wire;

namespace QuadTurbo.Libs.Tests.Trading.Wire;

/// <summary>Writes and reads the sample of a topic that is known by the name of its property.</summary>
internal static class WireTexts
{
    public static TheoryData<string> TopicNames => [.. typeof(Topics).GetProperties().Select(static p => p.Name)];

    public static string NameOf(string topic) => (string)Topic(topic).GetType().GetProperty(nameof(Topic<object>.Name))!.GetValue(Topic(topic))!;

    /// <summary>The message of <see cref="Samples"/> for that topic.</summary>
    public static object Sample(string topic) => typeof(Samples).GetProperty(topic)!.GetValue(new Samples(new InstrumentTable()))!;

    public static byte[] Write(string topic) => Write(topic, Sample(topic));

    public static byte[] Write(string topic, object message) => (byte[])Call(nameof(WriteOne), Topic(topic), message)!;

    public static object Read(string topic, byte[] text, WireTables tables) => Call(nameof(ReadOne), Topic(topic), text, tables)!;

    private static object Topic(string property) => typeof(Topics).GetProperty(property)!.GetValue(null)!;

    private static byte[] WriteOne<T>(Topic<T> topic, T message)
        where T : class
    {
        var text = new ArrayBufferWriter<byte>();
        WireFormat.Write(topic, message, text);
        return text.WrittenSpan.ToArray();
    }

    private static T ReadOne<T>(Topic<T> topic, byte[] text, WireTables tables)
        where T : class =>
        WireFormat.Read(topic, text, tables);

    private static object? Call(string method, object topic, params object[] more) =>
        typeof(WireTexts).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(topic.GetType().GenericTypeArguments)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [topic, .. more], null);
}
