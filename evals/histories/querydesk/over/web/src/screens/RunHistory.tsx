// The screen "Run history": the last runs of a query, each with a share button.
import { useEffect, useState } from "react";
import { type Run, createShare, listRuns } from "../api";

export function RunHistory({ query }: { query: number }) {
  const [runs, setRuns] = useState<Run[]>([]);
  useEffect(() => {
    listRuns(query).then(setRuns);
  }, [query]);

  async function share(run: Run) {
    const { token } = await createShare(run.id);
    await navigator.clipboard.writeText(`${location.origin}/s/${token}`);
  }

  return (
    <ul aria-label="Run history">
      {runs.map((run) => (
        <li key={run.id}>
          Run {run.id} <button onClick={() => share(run)}>Copy link</button>
        </li>
      ))}
    </ul>
  );
}
