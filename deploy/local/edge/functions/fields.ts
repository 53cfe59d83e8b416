import type { FunctionCookie } from "./viewer-function.ts";

/** Fields of headers, a query or cookies: the three have one shape (CF-DG "Event structure"). */
export type Fields = Readonly<Record<string, FunctionCookie>>;

export type FieldsRead =
  | { readonly kind: "fields"; readonly fields: Fields }
  | { readonly kind: "fault"; readonly fault: string };

type OneValue = { readonly value: string; readonly attributes?: string };

/**
 * Reads what a function returned as `what` (headers, querystring, cookies), and settles what its
 * changes mean: a `multiValue` that was changed counts and `value` does not; where it was not, a new
 * `value` replaces the first and the others stay. After this, `value` is always the first one and
 * `multiValue` is there only for two and more.
 */
export function readFields(what: string, returned: unknown, given: Fields): FieldsRead {
  if (returned === undefined) return { kind: "fields", fields: {} };
  if (!isRecord(returned)) return fault(`${what} must be an object`);
  const fields: [string, FunctionCookie][] = [];
  for (const [name, field] of Object.entries(returned)) {
    const values = readField(field, Object.hasOwn(given, name) ? given[name] : undefined);
    if (values === undefined) {
      return fault(`${what}[${JSON.stringify(name)}] must be an object with a text as its value`);
    }
    fields.push([name, asField(values)]);
  }
  return { kind: "fields", fields: Object.fromEntries(fields) };
}

/** All the values of a field, in order. */
export function valuesOf(field: FunctionCookie): readonly OneValue[] {
  return field.multiValue ?? [field];
}

/** The field of some values, of which there is at least one. */
export function asField(values: readonly [OneValue, ...OneValue[]]): FunctionCookie {
  const first = values[0];
  return values.length === 1 ? first : { ...first, multiValue: values };
}

function readField(
  field: unknown,
  given: FunctionCookie | undefined,
): [OneValue, ...OneValue[]] | undefined {
  if (!isRecord(field)) return undefined;
  const { multiValue } = field;
  if (multiValue === undefined || multiValue === null) return only(readOne(field));
  if (!Array.isArray(multiValue)) return undefined;
  const [first, ...others] = multiValue.map(readOne);
  if (first === undefined) return multiValue.length === 0 ? only(readOne(field)) : undefined;
  const kept = others.filter((value) => value !== undefined);
  if (kept.length < others.length) return undefined;
  const untouched = JSON.stringify(given?.multiValue) === JSON.stringify(multiValue);
  const replaced = untouched ? readOne(field) : undefined;
  return [replaced ?? first, ...kept];
}

function only(value: OneValue | undefined): [OneValue] | undefined {
  return value === undefined ? undefined : [value];
}

function readOne(candidate: unknown): OneValue | undefined {
  if (!isRecord(candidate)) return undefined;
  const { value, attributes } = candidate;
  if (typeof value !== "string") return undefined;
  if (attributes === undefined) return { value };
  return typeof attributes === "string" ? { value, attributes } : undefined;
}

/** An object that is no array; of values that came out of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(text: string): FieldsRead {
  return { kind: "fault", fault: text };
}
