using System.Text;
using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>What a .onnx file says of its ends, found while it was checked: no file that fails the check reaches ONNX Runtime.</summary>
/// <param name="Input">Name of the one input, float [rows, 32].</param>
/// <param name="Rows">Rows of a run when the file fixes them; 0 when any number will do.</param>
/// <param name="Output">Name of the output that holds one probability a row.</param>
/// <remarks>
/// Refused are: more than 64 MiB; bytes that are no protobuf or end early; tensors whose data are elsewhere or are fewer than their shape claims;
/// operators and domains that we do not know (<see cref="OnnxOperators"/>), local functions, subgraphs more than 4 deep; trees with circles or
/// with columns that are not there; inputs other than one float [rows, 32]; no or several outputs that could be the probability.
/// Names are read as Latin-1, which no two different names share. Source: onnx.proto, IR version 8 to 10.
/// </remarks>
public sealed record OnnxFile(string Input, int Rows, string Output)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>The most rows that a file may fix for a run.</summary>
    public const int MostRows = 16;

    /// <summary>Checks a file and finds its ends; reads each byte once or twice and runs nothing.</summary>
    /// <exception cref="ModelRefusedException">It is not a model that we would run; the message names what it has.</exception>
    public static OnnxFile Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length > MostBytes)
            throw new ModelRefusedException("the size of an ONNX file", $"1 to {MostBytes} bytes", $"{bytes.Length}");
        try
        {
            return Ends(GraphOf(bytes));
        }
        catch (InvalidDataException e)
        {
            throw new ModelRefusedException("an ONNX file", "whole", $"not readable ({e.Message})", e);
        }
    }

    private static ReadOnlySpan<byte> GraphOf(ReadOnlySpan<byte> model)
    {
        const int graph = 7, training = 20, functions = 25;
        ReadOnlySpan<byte> found = default;
        int graphs = 0;
        var fields = new ProtoFields(model);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case graph:
                    found = fields.Bytes;
                    graphs++;
                    break;
                case training or functions: throw new ModelRefusedException("an ONNX file", "without functions and training graphs", "one with them");
            }
        }
        return graphs == 1 ? found : throw new ModelRefusedException("an ONNX file", "one with one graph", $"one with {graphs}");
    }

    private static OnnxFile Ends(ReadOnlySpan<byte> graph)
    {
        const int initializer = 5, input = 11, output = 12, tensorName = 8;
        var inputs = new List<OnnxValue>();
        var outputs = new List<OnnxValue>();
        var constants = new HashSet<string>();
        var fields = new ProtoFields(graph);
        while (fields.Next())
        {
            if (inputs.Count + outputs.Count + constants.Count > OnnxGraphCheck.MostMessages) throw new InvalidDataException("too many values");
            switch (fields.Number)
            {
                case initializer: constants.Add(TextOf(fields.Bytes, tensorName)); break;
                case input: inputs.Add(OnnxValue.Read(fields.Bytes)); break;
                case output: outputs.Add(OnnxValue.Read(fields.Bytes)); break;
            }
        }
        inputs.RemoveAll(i => constants.Contains(i.Name)); // files before IR version 4 list their constants as inputs too
        if (inputs.Count != 1 || !inputs[0].IsFloat || inputs[0].Shape is not [_, FeatureSchema.Count] shape || shape[0] > MostRows)
            throw new ModelRefusedException("the input of an ONNX file", $"one float tensor [rows, {FeatureSchema.Count}]", Listed(inputs));
        new OnnxGraphCheck(inputs[0].Name).Check(graph);
        return new OnnxFile(inputs[0].Name, (int)shape[0], Probability(outputs).Name);
    }

    /// <summary>The output named probability or probabilities, else the only one that fits: float [rows], [rows, 1] or [rows, 2].</summary>
    private static OnnxValue Probability(List<OnnxValue> outputs)
    {
        List<OnnxValue> fitting = outputs.FindAll(o => o.IsFloat && o.Shape is null or [_] or [_, 0 or 1 or 2]);
        OnnxValue? named = fitting.Find(o => o.Name is "probability" or "probabilities");
        if (named is null && fitting.Count != 1)
        {
            throw new ModelRefusedException(
                "the output of an ONNX file", "one float tensor [rows], [rows, 1] or [rows, 2], or one of several that is named probability",
                Listed(outputs));
        }
        return named ?? fitting[0];
    }

    private static string Listed(List<OnnxValue> values) => values.Count == 0 ? "none" : string.Join(" and ", values.Take(8));

    /// <summary>A field of text, the last one as protobuf has it; empty when it is absent.</summary>
    internal static string TextOf(ReadOnlySpan<byte> message, int number)
    {
        string text = "";
        var fields = new ProtoFields(message);
        while (fields.Next())
            if (fields.Number == number) text = Encoding.Latin1.GetString(fields.Bytes);
        return text;
    }
}
