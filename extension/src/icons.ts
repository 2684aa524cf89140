// The codicon of each kind of symbol, for the quick pick and for the pages.
//
// Invariant: every kind that the server names has one; what is not known is a file.

const ICONS: Record<string, string> = {
  class: "symbol-class",
  constant: "symbol-constant",
  constructor: "symbol-constructor",
  enum: "symbol-enum",
  enummember: "symbol-enum-member",
  event: "symbol-event",
  field: "symbol-field",
  function: "symbol-function",
  interface: "symbol-interface",
  key: "symbol-key",
  method: "symbol-method",
  module: "symbol-module",
  namespace: "symbol-namespace",
  operator: "symbol-operator",
  package: "symbol-package",
  property: "symbol-property",
  string: "book", // a heading of a document
  struct: "symbol-struct",
  typeparameter: "symbol-parameter",
  variable: "symbol-variable",
};

/** `kind` as in `HitReply`. */
export function iconOf(kind: string): string {
  return ICONS[kind] ?? "file";
}
