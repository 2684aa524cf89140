// What stages, rules and verdicts are called in sentences.
//
// Invariant: a name that is not known here is shown as it is.

const STAGES: Record<string, string> = {
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

const VERDICTS: Record<string, string> = {
  missing: "gone",
  not_in_context: "not a source",
};

export function stageInWords(name: string): string {
  return STAGES[name] ?? "";
}

export function verdictInWords(verdict: string): string {
  return VERDICTS[verdict] ?? verdict;
}

/** `covers_the_question` as `covers the question`. */
export function inWords(name: string): string {
  return name.replaceAll("_", " ");
}
