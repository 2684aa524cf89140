// The secret that the terminal printed: taken out of the address, kept for this tab, lent to other tabs of this page.
//
// Invariant: the token is never in the address bar after the page has started, and never in localStorage.

import { keep, kept } from "./kept.js";

const WAIT_MS = 300; // another tab that is there answers in a few
const channel = "BroadcastChannel" in window ? new BroadcastChannel("surefoot.token") : undefined;
let token = "";

/** Take the token from the address or the tab's store; a tab that has none asks the others of this page. */
export async function startToken() {
  takeFromAddress();
  token ||= kept("token", sessionStorage);
  channel?.addEventListener("message", ({ data }) => {
    if (data === "wanted" && token) {
      channel.postMessage({ token });
    }
  });
  if (!token && channel) {
    setToken(await fromAnotherTab(), { isTold: false });
  }
}

/** Take the token out of `#token=...`, also where a new address was opened in a tab that shows the page already. */
export function takeFromAddress() {
  const matched = /^#token=([^&]*)(?:&(.*))?$/s.exec(location.hash);
  if (!matched) {
    return false;
  }
  setToken(decodeURIComponent(matched[1]));
  history.replaceState(history.state, "", `#${matched[2] || "/search"}`);
  return true;
}

export function currentToken() {
  return token;
}

/** Use what was typed: the token itself, or the whole address that the terminal printed. Other tabs hear of it. */
export function setToken(typed, { isTold = true } = {}) {
  token = /#token=([^&\s]*)/.exec(typed)?.[1] ?? typed.trim();
  keep("token", token, sessionStorage);
  if (isTold && token) {
    channel?.postMessage({ token });
  }
}

/** `told(token)` is called with what another tab of this page was opened with. */
export function onToken(told) {
  channel?.addEventListener("message", ({ data }) => typeof data?.token === "string" && told(data.token));
}

function fromAnotherTab() {
  return new Promise(resolve => {
    const done = value => {
      channel.removeEventListener("message", answered);
      resolve(value);
    };
    const answered = ({ data }) => typeof data?.token === "string" && done(data.token);
    channel.addEventListener("message", answered);
    setTimeout(() => done(""), WAIT_MS);
    channel.postMessage("wanted");
  });
}
