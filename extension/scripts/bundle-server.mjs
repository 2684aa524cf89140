// Puts the server into extension/server/: the wheel, what it needs (pinned by hash), and bundle.json that names both.
//
// Usage: node scripts/bundle-server.mjs [PYTHON]. PYTHON has what requirements/build.txt names; default: the one in
// .venv. Nothing is downloaded, and the same sources give the same bytes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const project = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const finished = join(project, "extension", "server");
// Made beside its place and moved there whole, so that an extension that runs from here never sees half of it.
const bundle = join(project, "extension", "build", `server-${process.pid}`);
const requirements = ["base.txt", "build.txt", "llm.txt"];
const inVenv = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
const python = process.argv[2] ?? process.env.SUREFOOT_BUILD_PYTHON ?? join(project, ".venv", ...inVenv);

if (!existsSync(python)) {
  console.error(`${python} is not there; run \`make set-up\` first, or name a Python that has requirements/build.txt.`);
  process.exit(1);
}

process.on("exit", () => rmSync(bundle, { recursive: true, force: true }));
mkdirSync(join(bundle, "requirements"), { recursive: true });
const built = spawnSync(
  python,
  ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", bundle, project],
  // What hatchling writes for this is the same on every machine.
  { stdio: "inherit", env: { ...process.env, SOURCE_DATE_EPOCH: "1580601600" } },
);
const wheel = readdirSync(bundle).find(name => name.endsWith(".whl"));
if (built.status !== 0 || !wheel) {
  console.error("The wheel could not be built; does this Python have what requirements/build.txt names?");
  process.exit(1);
}

const digest = createHash("sha256").update(readFileSync(join(bundle, wheel)));
for (const name of requirements) {
  copyFileSync(join(project, "requirements", name), join(bundle, "requirements", name));
  digest.update(readFileSync(join(bundle, "requirements", name)));
}
const version = wheel.split("-")[1];
const content = { version, wheel, key: digest.digest("hex") };
writeFileSync(join(bundle, "bundle.json"), `${JSON.stringify(content, null, 2)}\n`);
rmSync(finished, { recursive: true, force: true });
renameSync(bundle, finished);
