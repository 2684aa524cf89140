// The screen "Query editor": write, format, save, run.
import { useState } from "react";
import { formatSql, saveQuery, startRun } from "../api";
import { ResultTable } from "./ResultTable";

export function QueryEditor({ title }: { title: string }) {
  const [sql, setSql] = useState("");
  const [rows, setRows] = useState<Record<string, unknown>[]>([]);

  async function run() {
    const { id } = await saveQuery(title, sql);
    const result = await startRun(id);
    setRows(result.rows);
  }

  return (
    <section aria-label="Query editor">
      <textarea value={sql} onChange={(event) => setSql(event.target.value)} />
      <button onClick={async () => setSql((await formatSql(sql)).sql)}>Format</button>
      <button onClick={run}>Run</button>
      <ResultTable rows={rows} />
    </section>
  );
}
