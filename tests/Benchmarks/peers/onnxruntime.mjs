// ONNX Runtime as the checker of OnnxBench: runs each NAME.onnx of FOLDER on NAME.rows and prints how far it is from NAME.expected.
//
//   node onnxruntime.mjs MODULES FOLDER     MODULES holds node_modules/onnxruntime-node (npm install --ignore-scripts onnxruntime-node@1.30.0)
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, folder] = process.argv.slice(2).map((p) => resolve(p));
const ort = createRequire(join(modules, "package.json"))("onnxruntime-node");
const floats = (path) => new Float32Array(new Uint8Array(readFileSync(path)).buffer);

for (const file of readdirSync(folder).filter((f) => f.endsWith(".onnx")).sort()) {
  const name = file.slice(0, -5);
  const session = await ort.InferenceSession.create(join(folder, file), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const expected = floats(join(folder, name + ".expected"));
  const rows = floats(join(folder, name + ".rows"));
  const features = rows.length / expected.length;
  const outputs = await session.run({ features: new ort.Tensor("float32", rows, [expected.length, features]) });
  const found = (outputs.probability ?? outputs.margin).data;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(expected[i] - found[i]);
    largest = Number.isNaN(apart) ? NaN : Math.max(largest, apart);
  }
  console.log(`${name}: ${expected.length} rows, largest difference ${largest.toExponential(1)}`);
}
