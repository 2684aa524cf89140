// What stages, verdicts and states are called in sentences, as in the VS Code extension.
//
// Invariant: a name that is not known here is shown as it is.

import { lookUp } from "./values.js";

const STAGES = {
  resolve: "Finds the words of the question that name something in the code.",
  lexical: "Ranks by the question's words: path, name, signature, documentation and body.",
  vector: "Ranks by similarity of meaning.",
  symbol: "Brings the definitions of what the question names.",
  place: "Brings the lines that the question points at.",
  link: "Brings what is linked to the question's places.",
  fuse: "Makes one list of the retrievers' rankings.",
  rerank: "Multiplies each score by what one knows about code.",
  floor: "Decides whether anything found is about the question.",
  freshen: "Compares the hits' files with disk, and indexes anew what has changed.",
  focus: "Narrows long places to the definition that was asked for.",
  budget: "Fits the sources into the model's context.",
  prompt: "Puts the sources and the question into words for the model.",
  generate: "The model writes; its sentences are checked as they come.",
  extract: "Draws sentences from the sources, without a model.",
  cite: "Checks each cited place against the working tree.",
  verify: "Checks that what a sentence says stands in what it cites.",
};

export const VERDICTS = {
  valid: { icon: "check", word: "", title: "Checked: these lines stand there" },
  moved: { icon: "moved", word: "moved", title: "Checked: these lines have moved, this is where they stand now" },
  changed: { icon: "edit", word: "changed", title: "Checked: these lines have changed since they were read" },
  missing: { icon: "gone", word: "gone", title: "Checked: these lines do not stand there any more" },
  not_in_context: { icon: "gone", word: "not a source", title: "Checked: no source had this number" },
};

export function stageInWords(name) {
  return lookUp(STAGES, name) ?? "";
}

export function verdictOf(name) {
  return lookUp(VERDICTS, name) ?? { icon: "question", word: name, title: name };
}

/** `covers_the_question` as `covers the question`. */
export function inWords(name) {
  return String(name).replaceAll("_", " ");
}
