// The settings of the extension that the server has to know, under the names that the server has for them.
//
// Invariant: one line per setting; a test compares them with package.json and with `server/surefoot/config.py`.

import { type WorkspaceConfiguration, workspace } from "vscode";

export const SECTION = "surefoot";

export const SERVER_SETTINGS: Record<string, string> = {
  model: "model",
  contextTokens: "context_tokens",
  firstClaimSeconds: "first_claim_seconds",
  answerTokens: "answer_tokens",
  codeLens: "code_lens",
  documentDrift: "document_drift",
  maxFileBytes: "max_file_bytes",
  includeVendored: "include_vendored",
  historyCommits: "history_commits",
  indexWorkers: "index_workers",
  indexShare: "index_share",
  pauseOnBattery: "pause_on_battery",
  modelThreads: "model_threads",
  modelGpuLayers: "model_gpu_layers",
  trace: "trace",
  traceKeep: "trace_keep",
  traceDays: "trace_days",
  cacheDir: "cache_dir",
  modelsDir: "models_dir",
};

/** What somebody has set in VS Code, also where it is the default; the rest is left to the server's own files. */
export function serverSettings(): Record<string, unknown> {
  const configuration = workspace.getConfiguration(SECTION);
  const given: Record<string, unknown> = {};
  for (const [name, serverName] of Object.entries(SERVER_SETTINGS)) {
    const value = configuration.get(name);
    if (value !== "" && isSet(configuration.inspect(name))) {
      given[serverName] = value;
    }
  }
  return given;
}

function isSet(inspected: ReturnType<WorkspaceConfiguration["inspect"]>): boolean {
  return [inspected?.globalValue, inspected?.workspaceValue, inspected?.workspaceFolderValue].some(
    value => value !== undefined,
  );
}

export function setting<T>(name: string, fallback: T): T {
  return workspace.getConfiguration(SECTION).get<T>(name, fallback);
}
