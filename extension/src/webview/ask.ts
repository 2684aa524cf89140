// The Ask view's page: the conversation above, the question box below.
//
// Invariant: shows what the extension sends and decides nothing; claims are only ever added while an answer runs, so
// that a screen reader hears each once.

import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-icon/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import { render } from "lit";
import type { AskState, FromAskView, ToAskView } from "./askMessages";
import { type Actions, pageTemplate } from "./askTemplates";
import { openHost } from "./host";

interface Kept {
  draft: string;
}

const page = document.getElementById("page") as HTMLElement;
const host = openHost<FromAskView, ToAskView, Kept>(receive);
let state: AskState = { turns: [], hindrance: undefined, history: [], indexing: "" };
const opened = new Set<string>(); // what the reader has unfolded, by turn and part
let recalled = 0; // how far back in the history the box is
let draft = ""; // what stood in the box before the history was looked at

function receive(message: ToAskView): void {
  if (message.type === "state") {
    const last = state.turns.at(-1)?.id;
    state = message.state;
    show();
    if (state.turns.at(-1)?.id !== last) {
      page.querySelector(".turn:last-of-type")?.scrollIntoView({ block: "start" });
    }
  } else if (message.type === "turn") {
    const turns = state.turns.map(turn => (turn.id === message.turn.id ? message.turn : turn));
    state = { ...state, turns };
    show();
  } else {
    focusQuestion(message.question);
  }
}

const actions: Actions = {
  send: host.send,
  isOpen: part => opened.has(part),
  toggle(part) {
    if (!opened.delete(part)) {
      opened.add(part);
    }
    show();
  },
  ask,
  stop() {
    host.send({ type: "stop" });
    box().focus();
  },
  typed() {
    recalled = 0;
    host.keep({ draft: box().value });
    grow();
  },
  pressed,
};

function show(): void {
  render(pageTemplate(state, actions), page);
}

function box(): HTMLTextAreaElement {
  return page.querySelector("textarea") as HTMLTextAreaElement;
}

function ask(question = box().value): void {
  if (!question.trim()) {
    box().focus();
    return;
  }
  host.send({ type: "ask", question });
  recalled = 0;
  write("");
  box().focus();
}

function pressed(event: KeyboardEvent): void {
  if (event.isComposing) {
    return;
  }
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    ask();
  } else if (event.key === "Escape" && state.turns.some(turn => turn.status === "running")) {
    actions.stop();
  } else if (event.key === "ArrowUp" && (recalled > 0 || caretIsAtStart())) {
    recall(event, 1);
  } else if (event.key === "ArrowDown" && recalled > 0) {
    recall(event, -1);
  }
}

/** Arrow up brings earlier questions back, as in a shell; back at the end stands what was being written. */
function recall(event: KeyboardEvent, step: number): void {
  const next = recalled + step;
  const question = next === 0 ? draft : state.history.at(-next);
  if (question === undefined) {
    return;
  }
  event.preventDefault();
  if (recalled === 0) {
    draft = box().value;
  }
  write(question);
  recalled = next;
}

function caretIsAtStart(): boolean {
  const { selectionStart, selectionEnd } = box();
  return selectionStart === 0 && selectionEnd === 0;
}

function write(text: string): void {
  box().value = text;
  host.keep({ draft: text });
  grow();
}

function focusQuestion(question?: string): void {
  const area = box();
  if (question) {
    const begun = area.value.trim();
    write(begun ? `${begun}\n${question}` : question); // what is being written is not thrown away
    recalled = 0;
  }
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

/** The box is as high as its text, up to what the style sheet allows. */
function grow(): void {
  box().rows = Math.min(8, Math.max(2, box().value.split("\n").length));
}

show();
write(host.kept()?.draft ?? "");
host.send({ type: "ready" });
