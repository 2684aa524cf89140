// Calls of the service. Names are the operation ids of api/openapi.yaml.

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(path, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json() as Promise<T>;
}

export interface Run {
  id: number;
  rows: Record<string, unknown>[];
}

export const saveQuery = (title: string, sql: string) => call<{ id: number }>("POST", "/queries", { title, sql });
export const readQuery = (id: number) => call<{ title: string; sql: string }>("GET", `/queries/${id}`);
export const formatSql = (sql: string) => call<{ sql: string }>("POST", "/format", { sql });
export const startRun = (id: number) => call<Run>("POST", `/queries/${id}/runs`);
export const listRuns = (id: number) => call<Run[]>("GET", `/queries/${id}/runs`);
export const createShare = (run: number) => call<{ token: string }>("POST", `/runs/${run}/shares`);
export const openShare = (token: string) => call<{ run: number }>("GET", `/shares/${token}`);
