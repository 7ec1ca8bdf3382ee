using System.Collections.Frozen;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>The operators that a model from outside may use.</summary>
/// <remarks>
/// Left out are those whose work or memory is set by a number in the file rather than by its size (ConstantOfShape, Expand, Tile, Range, Loop,
/// Scan …), those that draw random numbers, and those whose attributes ONNX Runtime trusts more than we do.
/// </remarks>
internal static class OnnxOperators
{
    /// <summary>The domain of the trees and the other learners of scikit-learn.</summary>
    public const string Learning = "ai.onnx.ml";

    private static readonly FrozenSet<string> Default = FrozenSet.ToFrozenSet(
    [
        "Abs", "Acos", "Add", "And", "ArgMax", "ArgMin", "Asin", "Atan", "BatchNormalization", "Cast", "Ceil", "Celu", "Clip", "Concat",
        "Constant", "Cos", "Cosh", "CumSum", "Div", "Dropout", "Elu", "Equal", "Erf", "Exp", "Flatten", "Floor", "GRU", "Gather",
        "GatherElements", "Gelu", "Gemm", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "If", "InstanceNormalization",
        "IsInf", "IsNaN", "LSTM", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax", "MatMul", "Max", "Mean", "Min",
        "Mish", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "RNN", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax",
        "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Round", "Selu", "Shape", "Sigmoid", "Sign",
        "Sin", "Sinh", "Slice", "Softmax", "Softplus", "Softsign", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tan", "Tanh", "ThresholdedRelu",
        "TopK", "Transpose", "Unsqueeze", "Where", "Xor",
    ]);

    private static readonly FrozenSet<string> OfLearning = FrozenSet.ToFrozenSet(
    [
        "ArrayFeatureExtractor", "Binarizer", "Imputer", "LinearClassifier", "LinearRegressor", "Normalizer", "Scaler", "TreeEnsembleClassifier",
        "TreeEnsembleRegressor",
    ]);

    /// <summary>Whether a model may use the operator.</summary>
    public static bool Allows(string domain, string name) => domain == Learning ? OfLearning.Contains(name) : Default.Contains(name);

    /// <summary>Whether a domain of operators is one that we know.</summary>
    public static bool IsDomain(string domain) => domain is "" or "ai.onnx" or Learning;

    /// <summary>Whether it reads columns by numbers of the file without looking whether they are there.</summary>
    public static bool IndexesColumns(string name) =>
        name is "LinearClassifier" or "LinearRegressor" or "TreeEnsembleClassifier" or "TreeEnsembleRegressor";

    /// <summary>Whether the result has the columns of the input, so that what reads it may be checked as if it read the input.</summary>
    public static bool KeepsColumns(string name) => name is "Identity" or "Cast" or "Scaler" or "Imputer" or "Binarizer";
}
