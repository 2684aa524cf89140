// Reads the details of a stage, which are whatever the server wrote: of this version or of an earlier one.
//
// Invariant: never throws; what is not there or not as expected is empty.

export type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The fields that are numbers, in their order. */
export function numbersOf(value: unknown): [string, number][] {
  return Object.entries(fieldsOf(value)).filter((entry): entry is [string, number] => typeof entry[1] === "number");
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter(item => typeof item === "string");
}
