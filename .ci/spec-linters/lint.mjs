// Judges every specs/<api>/openapi.yaml with `redocly lint` and every asyncapi.yaml with @asyncapi/parser; exits 1 if either finds an error.
//
//   node .ci/spec-linters/lint.mjs [folder]      from the project's root; the folder is specs unless another is named

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asyncapi from "@asyncapi/parser";

const here = dirname(fileURLToPath(import.meta.url));
const SEVERITIES = ["error", "warning"]; // Spectral's 0 and 1; 2 and 3 are hints on style

function documents(folder, name) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name, name))
    .filter((file) => existsSync(file))
    .sort();
}

function lintOpenapi(files) {
  const redocly = join(here, "node_modules", ".bin", "redocly");
  const run = spawnSync(redocly, ["lint", "--config", ".redocly.yaml", "--format", "stylish", ...files], {
    stdio: "inherit",
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  });
  if (run.error) console.error(`redocly lint did not run: ${run.error.message}`);
  return run.status === 0;
}

async function lintAsyncapi(file) {
  const diagnostics = await new asyncapi.Parser().validate(readFileSync(file, "utf8"), { source: resolve(file) });
  const shown = diagnostics.filter((one) => one.severity < SEVERITIES.length);
  for (const { severity, message, code, path, range, source } of shown) {
    const place = `${relative(".", source ?? file)}:${range.start.line + 1}:${range.start.character + 1}`;
    console.error(`${place}: ${SEVERITIES[severity]}: ${message} (${code}, at #/${path.join("/")})`);
  }
  const errors = shown.filter((one) => one.severity === 0).length;
  console.error(`${file}: ${errors ? `${errors} errors` : "valid"}`);
  return errors === 0;
}

const folder = process.argv[2] ?? "specs";
if (!existsSync(folder)) {
  console.error(`lint.mjs: no folder ${folder}; run me from the project's root`);
  process.exit(2);
}
const openapi = documents(folder, "openapi.yaml");
const channels = documents(folder, "asyncapi.yaml");
if (openapi.length === 0 || channels.length === 0) {
  console.error(`lint.mjs: ${folder}/ holds ${openapi.length} openapi.yaml and ${channels.length} asyncapi.yaml: nothing to judge is no success`);
  process.exit(2);
}

const verdicts = [lintOpenapi(openapi)];
for (const file of channels) verdicts.push(await lintAsyncapi(file));
process.exit(verdicts.every(Boolean) ? 0 : 1);
