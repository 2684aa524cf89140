// Whether this machine can compile llama.cpp.
//
// Invariant: asking never opens a dialog, which on macOS even calling `cc` can do.

import { win32 } from "node:path";
import type { Run } from "./processes";
import type { Machine } from "./pythonPlaces";

const ASK_MS = 15_000;

/** Whether there is a compiler for C and one for C++. */
export async function hasCompiler(machine: Machine, cwd: string, run: Run): Promise<boolean> {
  const succeeds = async (...command: string[]) => (await run(command, { cwd, timeoutMs: ASK_MS })).code === 0;
  if (machine.platform === "win32") {
    return hasVisualStudio(machine, cwd, run);
  }
  if (machine.platform === "darwin" && !(await succeeds("/usr/bin/xcode-select", "-p"))) {
    return false;
  }
  return (
    (await succeeds(machine.env.CC || "cc", "--version")) && (await succeeds(machine.env.CXX || "c++", "--version"))
  );
}

async function hasVisualStudio(machine: Machine, cwd: string, run: Run): Promise<boolean> {
  const programs = machine.env["ProgramFiles(x86)"] ?? "C:\\Program Files (x86)";
  const finder = win32.join(programs, "Microsoft Visual Studio", "Installer", "vswhere.exe");
  const component = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64";
  const asked = [finder, "-latest", "-products", "*", "-requires", component, "-property", "installationPath"];
  const finished = await run(asked, { cwd, timeoutMs: ASK_MS });
  return finished.code === 0 && finished.answer.trim() !== "";
}

/** How to get a compiler, in one sentence. */
export function howToGetCompiler(platform: NodeJS.Platform): string {
  if (platform === "win32") {
    return "install the Build Tools for Visual Studio with “Desktop development with C++”";
  }
  return platform === "darwin" ? "run: xcode-select --install" : "on Debian and Ubuntu: sudo apt install g++";
}
