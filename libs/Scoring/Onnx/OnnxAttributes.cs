namespace QuadTurbo.Scoring.Onnx;

/// <summary>The attributes of one node, as far as checks need them: integers, and how long each list is.</summary>
internal sealed class OnnxAttributes
{
    /// <summary>The list that says which nodes of a tree are leaves; it is kept as the places of those that are.</summary>
    public const string Modes = "nodes_modes";

    private const int MostKept = 1 << 22;
    private static readonly string[] Kept = ["nodes_", "target_", "class_"];
    private string _name = "";
    private int _kind;

    /// <summary>Lists of integers by name.</summary>
    public Dictionary<string, List<long>> Lists { get; } = [];

    /// <summary>How many values a list has, of whatever type.</summary>
    public Dictionary<string, long> Lengths { get; } = [];

    private Dictionary<string, long> Integers { get; } = [];

    /// <summary>Starts the attribute <paramref name="name"/>.</summary>
    /// <exception cref="ModelRefusedException">The node has it already: readers differ in which one they take.</exception>
    public void Begin(string name)
    {
        _name = name;
        _kind = 0;
        if (!Lengths.TryAdd(name, 0))
            throw new ModelRefusedException("the attributes of a node", "named once each", $"two of '{OnnxValue.Plain(name)}'");
    }

    /// <summary>Its one integer.</summary>
    public void Set(long value) => Integers[_name] = value;

    /// <summary>More integers of its list; those of trees are kept.</summary>
    /// <exception cref="ModelRefusedException">A list of a tree is longer than 2²² numbers.</exception>
    public void Add(in ProtoFields integers)
    {
        Only(integers.Number);
        long more = integers.CountNumbers(0);
        Lengths[_name] += more;
        if (!Kept.Any(k => _name.StartsWith(k, StringComparison.Ordinal))) return;
        if (Lengths[_name] > MostKept) throw new ModelRefusedException("a tree ensemble", $"one of {MostKept} nodes or fewer", "one with more");
        if (!Lists.TryGetValue(_name, out List<long>? list)) Lists[_name] = list = [];
        integers.AddVarintsTo(list);
    }

    /// <summary>More floats of its list, which are not kept.</summary>
    public void AddFloats(in ProtoFields floats)
    {
        Only(floats.Number);
        Lengths[_name] += floats.CountNumbers(sizeof(float));
    }

    /// <summary>One more text of its list.</summary>
    public void AddText(in ProtoFields text)
    {
        Only(text.Number);
        if (_name == Modes && text.Bytes.SequenceEqual("LEAF"u8))
        {
            if (!Lists.TryGetValue(Modes, out List<long>? leaves)) Lists[Modes] = leaves = [];
            leaves.Add(Lengths[Modes]);
        }
        Lengths[_name]++;
    }

    /// <summary>An integer attribute, or what holds without it.</summary>
    public long Integer(string name, long otherwise) => Integers.GetValueOrDefault(name, otherwise);

    /// <summary>Length of a list; 0 when it is absent.</summary>
    public long Length(string name) => Lengths.GetValueOrDefault(name);

    private void Only(int kind)
    {
        if (_kind != 0 && _kind != kind)
            throw new ModelRefusedException("an attribute", "a list of one type", $"'{OnnxValue.Plain(_name)}' of several");
        _kind = kind;
    }
}
