namespace QuadTurbo.Libs.Tests.Learning.Onnx;

/// <summary>Evaluates the ONNX operations that our models use, by the text of the standard, one row at a time in float64.</summary>
internal sealed class OnnxInterpreter
{
    private readonly Message _graph;
    private readonly Dictionary<string, Matrix> _constants = [];

    public OnnxInterpreter(byte[] model)
    {
        var root = new Message(model);
        IrVersion = root.Number(1);
        Operators = root.Messages(8).ToDictionary(o => o.Text(1), o => o.Number(2));
        _graph = root.Messages(7).Single();
        foreach (Message tensor in _graph.Messages(5))
        {
            long[] shape = tensor.Numbers(1);
            Assert.Equal(1, tensor.Number(2));
            float[] values = tensor.Floats(9);
            int rows = shape.Length == 2 ? (int)shape[0] : 1;
            _constants[tensor.Text(8)] = new Matrix(rows, (int)shape[^1], [.. values.Select(v => (double)v)]);
        }
    }

    public long IrVersion { get; }

    public Dictionary<string, long> Operators { get; }

    /// <summary>Name and last dimension of the inputs (field 11) or outputs (12).</summary>
    public (string Name, long Columns)[] Values(int field) =>
        [.. _graph.Messages(field).Select(v => (v.Text(1), v.Messages(2)[0].Messages(1)[0].Messages(2)[0].Messages(1)[1].Number(1)))];

    /// <summary>The outputs for one row.</summary>
    public Dictionary<string, double> Run(float[] row)
    {
        var values = new Dictionary<string, Matrix>(_constants) { [Values(11).Single().Name] = new(1, row.Length, [.. row.Select(x => (double)x)]) };
        foreach (Message node in _graph.Messages(1))
        {
            Matrix[] inputs = [.. node.Texts(1).Select(i => values[i])];
            Assert.Equal(node.Text(4) == "TreeEnsembleRegressor" ? "ai.onnx.ml" : "", node.Text(7));
            values.Add(node.Texts(2).Single(), Apply(node, inputs));
        }
        return Values(12).ToDictionary(o => o.Name, o => values[o.Name].Numbers.Single());
    }

    private static Matrix Apply(Message node, Matrix[] x) => node.Text(4) switch
    {
        "TreeEnsembleRegressor" => new Matrix(1, 1, [Trees(node, x[0].Numbers)]),
        "Add" => x[0].With(x[1], (a, b) => a + b),
        "Sub" => x[0].With(x[1], (a, b) => a - b),
        "Mul" => x[0].With(x[1], (a, b) => a * b),
        "Div" => x[0].With(x[1], (a, b) => a / b),
        "Max" => x[0].With(x[1], Math.Max),
        "Min" => x[0].With(x[1], Math.Min),
        "Neg" => x[0].Each(a => -a),
        "Sigmoid" => x[0].Each(a => 1 / (1 + Math.Exp(-a))),
        "Softplus" => x[0].Each(a => Math.Log(1 + Math.Exp(a))),
        "MatMul" => x[0].Times(x[1]),
        var other => throw new NotSupportedException(other),
    };

    private static double Trees(Message node, double[] row)
    {
        Dictionary<string, Message> attributes = node.Messages(5).ToDictionary(a => a.Text(1));
        long[] trees = Integers("nodes_treeids"), ids = Integers("nodes_nodeids"), features = Integers("nodes_featureids");
        long[] whenTrue = Integers("nodes_truenodeids"), whenFalse = Integers("nodes_falsenodeids");
        long[] missingTrue = Integers("nodes_missing_value_tracks_true");
        long[] leafTrees = Integers("target_treeids"), leafIds = Integers("target_nodeids");
        float[] cuts = Floats("nodes_values"), weights = Floats("target_weights");
        string[] modes = attributes["nodes_modes"].Texts(9);
        Assert.Equal(8, attributes["nodes_modes"].Number(20));
        Assert.Equal(("SUM", "NONE"), (attributes["aggregate_function"].Text(4), attributes["post_transform"].Text(4)));
        Assert.Equal(1, attributes["n_targets"].Number(3));

        double sum = 0;
        foreach (long tree in trees.Distinct())
        {
            int at = Place(tree, 0);
            while (modes[at] != "LEAF")
            {
                Assert.Equal("BRANCH_LT", modes[at]);
                double x = row[features[at]];
                bool holds = x < cuts[at] || (double.IsNaN(x) && missingTrue[at] == 1);
                at = Place(tree, holds ? whenTrue[at] : whenFalse[at]);
            }
            for (int l = 0; l < leafIds.Length; l++)
                if (leafTrees[l] == tree && leafIds[l] == ids[at]) sum += weights[l];
        }
        return sum;

        int Place(long tree, long id) => Enumerable.Range(0, ids.Length).Single(i => trees[i] == tree && ids[i] == id);

        long[] Integers(string name) => Of(name, 7).Numbers(8);

        float[] Floats(string name) => Of(name, 6).Floats(7);

        Message Of(string name, long kind)
        {
            Assert.Equal(kind, attributes[name].Number(20));
            return attributes[name];
        }
    }

    private sealed record Matrix(int Rows, int Columns, double[] Numbers)
    {
        public Matrix Each(Func<double, double> map) => this with { Numbers = [.. Numbers.Select(map)] };

        /// <summary>Element by element; a single number meets every other.</summary>
        public Matrix With(Matrix other, Func<double, double, double> map)
        {
            if (Numbers.Length == 1) return other.Each(b => map(Numbers[0], b));
            return other.Numbers.Length == 1 ? Each(a => map(a, other.Numbers[0])) : this with { Numbers = [.. Numbers.Zip(other.Numbers, map)] };
        }

        public Matrix Times(Matrix other)
        {
            Assert.Equal((1, Columns, 1), (Rows, other.Rows, other.Columns));
            return new Matrix(1, 1, [Numbers.Zip(other.Numbers, (a, b) => a * b).Sum()]);
        }
    }
}
