// The screen "Shared result": what somebody without an account sees behind a link.
import { useEffect, useState } from "react";
import { openShare } from "../api";

export function SharedResult({ token }: { token: string }) {
  const [state, setState] = useState<"loading" | "gone" | number>("loading");
  useEffect(() => {
    openShare(token).then(({ run }) => setState(run), () => setState("gone"));
  }, [token]);
  if (state === "loading") return <p>One moment</p>;
  if (state === "gone") return <p>This link does not work any more. Ask its owner for another.</p>;
  return <p>Result of run {state}</p>;
}
