// Both generators read docs/openapi.json, and what they make of it compiles under strict TypeScript. Run by tests/run.sh.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const document = join(here, '..', '..', 'docs', 'openapi.json');
const out = join(here, 'out');
const run = (name, ...args) => execFileSync(process.execPath, [join(here, 'node_modules', name), ...args], { cwd: here, stdio: 'inherit' });

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
run('openapi-typescript/bin/cli.js', document, '--output', join(out, 'paths.ts'), '--root-types');
run('@hey-api/openapi-ts/bin/run.js', '--input', document, '--output', join(out, 'client'), '--client', '@hey-api/client-fetch');

// Every operation has a function of its own name in the client, and every schema a type.
const { paths, components } = JSON.parse(readFileSync(document, 'utf8'));
const operations = Object.values(paths).flatMap(p => Object.values(p)).map(o => o.operationId);
const schemas = Object.keys(components.schemas);
writeFileSync(join(out, 'use.ts'), [
  "import type { components, paths } from './paths';",
  "import * as sdk from './client/sdk.gen';",
  `export const functions = [${operations.map(o => `sdk.${o}`).join(', ')}];`,
  `export type Schemas = [${schemas.map(s => `components['schemas']['${s}']`).join(', ')}];`,
  `export type Paths = [${Object.keys(paths).map(p => `paths['${p}']`).join(', ')}];`,
  '',
].join('\n'));
run('typescript/bin/tsc', '--project', join(here, 'tsconfig.json'));
console.log(`${operations.length} operations and ${schemas.length} schemas: both generators read them, and the compiler accepts what they made`);
