// Reads JSON that may be of another version, or whatever a stage wrote into its trace.
//
// Invariant: never throws; what is not there or not as expected is empty.

export function fieldsOf(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

export function textOf(value) {
  return typeof value === "string" ? value : "";
}

export function numberOf(value) {
  return typeof value === "number" ? value : undefined;
}

/** The fields that are numbers, in their order. */
export function numbersOf(value) {
  return Object.entries(fieldsOf(value)).filter(([, inner]) => typeof inner === "number");
}

export function textsOf(value) {
  return listOf(value).filter(item => typeof item === "string");
}

/** What a table of ours has under a name that came from elsewhere: nothing that every object has, as `constructor`. */
export function lookUp(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
