import { z } from "zod";
import type { EdgeProgram } from "./program.ts";

const header = z.strictObject({ name: z.string(), value: z.string(), override: z.boolean() });

const schema = z.strictObject({
  version: z.literal(1),
  viewerRequest: z.string(),
  viewerResponse: z.string(),
  store: z.array(z.tuple([z.string(), z.string()])),
  headersPolicy: z.strictObject({ set: z.array(header), remove: z.array(z.string()) }),
});

/** Program → JSON text. Equal programs give equal text: the entries of the store are sorted. */
export function formatProgram({ store, ...rest }: EdgeProgram): string {
  const entries = [...store].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ version: 1, ...rest, store: entries });
}

/** JSON text that `formatProgram` wrote → program. Throws on anything else. */
export function parseProgram(text: string): EdgeProgram {
  const { version: _, store, ...rest } = schema.parse(JSON.parse(text));
  return { ...rest, store: new Map(store) };
}
