import type { HeaderValues } from "../../functions/event.ts";

/** Each header as one line; several values are joined as RFC 9110 5.3 allows. */
export function headerLines(headers: HeaderValues): Readonly<Record<string, string>> {
  const lines = Object.entries(headers).map(([name, values]) => [name, [values].flat().join(", ")]);
  return Object.fromEntries(lines);
}
