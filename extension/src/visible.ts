// Text of repositories and models as what it is: nothing in it is invisible or turns what stands around it.

// Characters that steer the direction of text or cannot be seen are shown as what they are.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;

export function visible(text: string): string {
  return text.replace(INVISIBLE, char =>
    char === "\n" || char === "\t" ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
