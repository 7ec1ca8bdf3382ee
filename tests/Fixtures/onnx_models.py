"""ONNX models that are not ours: scikit-learn's learners, fitted by it and written with onnx.helper as its converter writes them (python3-onnx).

Each has the probabilities that scikit-learn itself gives for the rows. The models are base64 of .onnx files; rows are float32.
"""
import base64

import numpy as np
from onnx import TensorProto, ValueInfoProto, helper, numpy_helper
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from common import SplitMix64, float32

COLUMNS, TRAIN, ROWS = 32, 400, 40
FLOAT = TensorProto.FLOAT


def draw():
    random = SplitMix64(2026)
    rows = [[float32(round(random.bell(), 4)) for _ in range(COLUMNS)] for _ in range(TRAIN + ROWS)]
    labels = [r[0] + 0.5 * r[3] * r[4] - r[7] + random.bell() > 0 for r in rows]
    return np.array(rows, dtype=np.float32), np.array(labels)


def text(nodes, constants, outputs):
    graph = helper.make_graph(
        nodes, "model", [helper.make_tensor_value_info("X", FLOAT, [None, COLUMNS])], outputs,
        [numpy_helper.from_array(v if v.dtype == np.int64 else v.astype(np.float32), name) for name, v in constants.items()])
    opsets = [helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 2)]
    model = helper.make_model(graph, producer_name="fixture", opset_imports=opsets, ir_version=8)
    return base64.b64encode(model.SerializeToString()).decode()


def value(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def network(model):
    nodes, constants, at = [], {}, "X"
    for i, (weights, biases) in enumerate(zip(model.coefs_, model.intercepts_)):
        constants[f"W{i}"], constants[f"b{i}"] = weights, biases
        nodes.append(helper.make_node("Gemm", [at, f"W{i}", f"b{i}"], [f"g{i}"]))
        at = f"a{i}"
        nodes.append(helper.make_node("Relu" if i + 1 < len(model.coefs_) else "Sigmoid", [f"g{i}"], [at]))
    nodes.append(helper.make_node("Flatten", [at], ["flat"], axis=1))
    nodes.append(helper.make_node("ReduceSum", ["flat", "axis"], ["p"], keepdims=0))
    constants["axis"] = np.array([1], dtype=np.int64)
    return text(nodes, constants, [value("p", [None])])


def logistic(model, zip_map):
    coefficients = np.concatenate([-model.coef_[0], model.coef_[0]]).tolist()
    intercepts = [-model.intercept_[0], model.intercept_[0]]
    nodes = [
        helper.make_node("LinearClassifier", ["X"], ["label", "scores"], domain="ai.onnx.ml", classlabels_ints=[0, 1], coefficients=coefficients,
                         intercepts=intercepts, multi_class=0, post_transform="LOGISTIC"),
        helper.make_node("Normalizer", ["scores"], ["probabilities"], domain="ai.onnx.ml", norm="L1"),
    ]
    outputs = [value("label", [None], TensorProto.INT64), value("probabilities", [None, 2])]
    if zip_map:
        nodes.append(helper.make_node("ZipMap", ["probabilities"], ["maps"], domain="ai.onnx.ml", classlabels_int64s=[0, 1]))
        outputs[1] = ValueInfoProto(name="maps")
        maps = outputs[1].type.sequence_type.elem_type.map_type
        maps.key_type, maps.value_type.tensor_type.elem_type = TensorProto.INT64, FLOAT
    return text(nodes, {}, outputs)


def forest(model):
    columns = {k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    leaves = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}
    for t, tree in enumerate(e.tree_ for e in model.estimators_):
        for n in range(tree.node_count):
            leaf = tree.children_left[n] < 0
            for key, item in zip(columns, (t, n, 0 if leaf else tree.feature[n], 0.0 if leaf else tree.threshold[n], "LEAF" if leaf else "BRANCH_LEQ",
                                           0 if leaf else tree.children_left[n], 0 if leaf else tree.children_right[n], 0)):
                columns[key].append(item)
            if leaf:
                shares = tree.value[n][0] / tree.value[n][0].sum() / len(model.estimators_)
                for c in (0, 1):
                    for key, item in zip(leaves, (t, n, c, shares[c])):
                        leaves[key].append(item)
    attributes = {f"nodes_{k}": v for k, v in columns.items()} | {f"class_{k}": v for k, v in leaves.items()}
    attributes = {k: [int(i) if "ids" in k or "missing" in k else i for i in v] for k, v in attributes.items()}
    node = helper.make_node("TreeEnsembleClassifier", ["X"], ["label", "probabilities"], domain="ai.onnx.ml", classlabels_int64s=[0, 1],
                            post_transform="NONE", **attributes)
    return text([node], {}, [value("label", [None], TensorProto.INT64), value("probabilities", [None, 2])])


def fixture():
    rows, labels = draw()
    train, test = (rows[:TRAIN], labels[:TRAIN]), rows[TRAIN:]
    linear = LogisticRegression(C=0.5).fit(*train)
    layers = MLPClassifier((16, 8), max_iter=300, random_state=1).fit(*train)
    trees = RandomForestClassifier(8, max_depth=4, random_state=1).fit(*train)
    double = test.astype(np.float64)
    return {
        "inputs": {
            "rows": test, "logistic": logistic(linear, False), "zip_map": logistic(linear, True), "network": network(layers), "forest": forest(trees),
        },
        "results": {
            "logistic": linear.predict_proba(double)[:, 1], "network": layers.predict_proba(double)[:, 1], "forest": trees.predict_proba(double)[:, 1],
        },
    }
