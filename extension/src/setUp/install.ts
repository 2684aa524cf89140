// Makes one environment: Python's own venv, the pinned packages, the bundled server. Later, llama.cpp.
//
// Invariant: packages come as wheels with the hashes that are pinned; only llama.cpp is compiled, with pinned tools.

import { readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Environment, newFolder, type Place, removeEnvironment, stampEnvironment } from "./environment";
import { failureFrom, SetUpError } from "./failures";
import { countPackages, isNextPackage, pip } from "./pip";
import type { Run, RunOptions } from "./processes";
import { type Python, pythonIn } from "./python";

export interface Tools {
  run: Run;
  /** The variables for every program. */
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  onLine(line: string): void;
  /** What is done now, and how much of the whole is done, from 0 to 100. */
  onStep(what: string, percent: number): void;
}

// More at a time need more memory than a laptop has to spare.
const COMPILERS = 4;
// How the time of a first set-up divides.
const VENV_PERCENT = 10;
const COLLECTED_PERCENT = 60;
const PACKAGES_PERCENT = 95;

/** Make an environment. Throws SetUpError, or StoppedError; nothing is left of one that did not succeed. */
export async function makeEnvironment(place: Place, python: Python, tools: Tools): Promise<Environment> {
  let folder = "";
  try {
    folder = await newFolder(place);
    await makeVenv(place, python, folder, tools);
    const own = pythonIn(folder, place.platform);
    await installPackages(place, own, tools);
    await installServer(place, own, tools);
    await stampEnvironment(folder, place, python.executable);
    return { folder, python: own };
  } catch (error) {
    if (folder) {
      // What cannot be removed now is removed after the next success.
      await removeEnvironment(folder).catch(() => {});
    }
    throw asSetUpError(error);
  }
}

async function makeVenv(place: Place, python: Python, folder: string, tools: Tools): Promise<void> {
  tools.onStep(`making an environment with Python ${python.version.slice(0, 2).join(".")}`, 0);
  await must([python.executable, "-I", "-m", "venv", folder], "Making an environment", place, tools);
  try {
    await stat(pythonIn(folder, place.platform));
  } catch {
    // The one from the Microsoft Store keeps what it writes there in a folder of its own.
    throw new SetUpError(
      "python",
      `${python.executable} does not write where VS Code can read; install Python from python.org and try again.`,
    );
  }
}

async function installPackages(place: Place, python: string, tools: Tools): Promise<void> {
  const requirements = join(place.bundle.requirements, "base.txt");
  const all = countPackages(await readFile(requirements, "utf8"));
  let seen = 0;
  const step = (what: string, done: number) =>
    tools.onStep(what, VENV_PERCENT + ((COLLECTED_PERCENT - VENV_PERCENT) * done) / all);
  step("collecting packages", 0);
  const onLine = (line: string) => {
    tools.onLine(line);
    if (isNextPackage(line) && seen < all) {
      step(`collecting packages (${++seen} of ${all})`, seen);
    } else if (line.startsWith("Installing collected packages")) {
      tools.onStep("installing packages", COLLECTED_PERCENT);
    }
  };
  const args = ["install", "--require-hashes", "--only-binary=:all:", "-r", requirements];
  await must(pip(python, ...args), "Installing packages", place, { ...tools, onLine });
}

async function installServer(place: Place, python: string, tools: Tools): Promise<void> {
  tools.onStep("installing the server", PACKAGES_PERCENT);
  const args = ["install", "--no-deps", "--no-index", place.bundle.wheel];
  await must(pip(python, ...args), "Installing the server", place, tools);
}

/** Install llama.cpp into an environment. Throws SetUpError, or StoppedError; the environment works either way. */
export async function installLanguageModels(place: Place, environment: Environment, tools: Tools): Promise<void> {
  const file = (name: string) => join(place.bundle.requirements, name);
  const { python } = environment;
  const gentle = {
    ...tools,
    env: {
      ...tools.env,
      // The pinned cmake and ninja come first: those of the system may be too old.
      PATH: `${dirname(python)}${delimiter}${tools.env.PATH ?? tools.env.Path ?? ""}`,
      CMAKE_BUILD_PARALLEL_LEVEL:
        tools.env.CMAKE_BUILD_PARALLEL_LEVEL ?? `${Math.min(COMPILERS, availableParallelism())}`,
    },
  };
  const install = ["install", "--require-hashes"];
  try {
    tools.onStep("installing build tools", 0);
    const tooling = pip(python, ...install, "--only-binary=:all:", "-r", file("build.txt"));
    await must(tooling, "Installing build tools", place, gentle, { gently: true });
    tools.onStep("compiling llama.cpp, which takes 5 to 10 minutes", 5);
    const compile = pip(python, ...install, "--no-build-isolation", "-r", file("llm.txt"));
    await must(compile, "Compiling llama.cpp", place, gentle, { gently: true });
  } catch (error) {
    throw asSetUpError(error);
  }
}

async function must(
  command: string[],
  doing: string,
  place: Place,
  tools: Tools,
  more: Partial<RunOptions> = {},
): Promise<void> {
  tools.onLine(`> ${command.join(" ")}`);
  const { env, signal, onLine } = tools;
  const finished = await tools.run(command, { cwd: place.storage, env: withoutPath(env), signal, onLine, ...more });
  if (finished.code !== 0) {
    throw failureFrom(finished.output, doing);
  }
}

/** Windows knows PATH by several spellings, of which only one may be given. */
function withoutPath(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!("PATH" in env && "Path" in env)) {
    return env;
  }
  const { Path: _, ...rest } = env;
  return rest;
}

/** What the file system said, as a SetUpError; any other error as it is. */
export function asSetUpError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code ? failureFrom(String(error), "Setting up") : error;
}
