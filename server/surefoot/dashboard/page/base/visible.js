// Text of repositories and models as what it is: nothing in it is invisible or turns what stands around it.
//
// Invariant: the same characters are shown as escapes as in the pages of the VS Code extension, and lone surrogates.

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** The text with every character that cannot be seen, or that steers others, written as `\u{202e}`. */
export function visible(text) {
  return String(text ?? "").replace(INVISIBLE, char =>
    char === "\n" || char === "\t" ? char : `\\u{${char.codePointAt(0).toString(16)}}`,
  );
}

/** The same on one line: a file name may hold a line break, a label must not. */
export function visibleLine(text) {
  return visible(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
