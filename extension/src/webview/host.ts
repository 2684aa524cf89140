// The one way from a page to the extension, and what a page keeps across reloads.

interface VsCode<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<State>(): VsCode<State>;

/** May be called once per page. */
export function openHost<ToHost, FromHost, State = never>(onMessage: (message: FromHost) => void) {
  const vscode = acquireVsCodeApi<State>();
  window.addEventListener("message", event => onMessage(event.data as FromHost));
  return {
    send: (message: ToHost) => vscode.postMessage(message),
    kept: () => vscode.getState(),
    keep: (state: State) => vscode.setState(state),
  };
}
