// The settings of the extension that the server has to know, under the names that the server has for them.
//
// Invariant: one line per setting; a test compares them with package.json and with `server/surefoot/config.py`.

import { workspace } from "vscode";

export const SECTION = "surefoot";

export const SERVER_SETTINGS: Record<string, string> = {
  model: "model",
  contextTokens: "context_tokens",
  answerTokens: "answer_tokens",
  codeLens: "code_lens",
  maxFileBytes: "max_file_bytes",
  includeVendored: "include_vendored",
  indexWorkers: "index_workers",
  modelThreads: "model_threads",
  modelGpuLayers: "model_gpu_layers",
  trace: "trace",
  traceKeep: "trace_keep",
  cacheDir: "cache_dir",
  modelsDir: "models_dir",
};

/** What the user has set; what is left at its default is left to the server's own files and variables. */
export function serverSettings(): Record<string, unknown> {
  const configuration = workspace.getConfiguration(SECTION);
  const given: Record<string, unknown> = {};
  for (const [name, serverName] of Object.entries(SERVER_SETTINGS)) {
    const value = configuration.get(name);
    const inspected = configuration.inspect(name);
    if (value !== undefined && value !== "" && value !== inspected?.defaultValue) {
      given[serverName] = value;
    }
  }
  return given;
}

export function setting<T>(name: string, fallback: T): T {
  return workspace.getConfiguration(SECTION).get<T>(name, fallback);
}
