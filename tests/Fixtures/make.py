#!/usr/bin/python3
"""Computes the fixtures of tests/Libs.Tests with scipy, scikit-learn, xgboost and onnx (Debian: python3-scipy, -sklearn, -xgboost, -onnx).

    /usr/bin/python3 tests/Fixtures/make.py            rewrites every NAME.json beside NAME.py
    /usr/bin/python3 tests/Fixtures/make.py NAME -     prints one of them instead

Each NAME.py has a function fixture() that gives {"inputs": {...}, "results": {...}}.
"""
import importlib
import json
import os
import sys

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from common import plain  # noqa: E402


def text(name):
    return json.dumps(plain(importlib.import_module(name).fixture()), indent=1) + "\n"


def main(arguments):
    if len(arguments) == 2 and arguments[1] == "-":
        sys.stdout.write(text(arguments[0]))
        return
    names = sorted(f[:-3] for f in os.listdir(HERE) if f.endswith(".py") and f not in ("common.py", "make.py"))
    for name in arguments or names:
        with open(os.path.join(HERE, name + ".json"), "w") as out:
            out.write(text(name))
        print(name)


main(sys.argv[1:])
