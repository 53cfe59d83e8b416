import { z } from "zod";
import { ApiError } from "./api-error.ts";
import type { EntryChanges } from "./key-value-store.ts";

const putKey = z.object({ Value: z.string() });

const updateKeys = z.object({
  Puts: z.array(z.object({ Key: z.string(), Value: z.string() })).nullish(),
  Deletes: z.array(z.object({ Key: z.string() })).nullish(),
});

/** The value in the body of PutKey. Throws an ApiError for another body. */
export function readValue(body: Buffer): string {
  return parse(putKey, body).Value;
}

/** The changes in the body of UpdateKeys. Throws an ApiError for another body. */
export function readEntryChanges(body: Buffer): EntryChanges {
  const { Puts, Deletes } = parse(updateKeys, body);
  return {
    puts: (Puts ?? []).map(({ Key, Value }) => [Key, Value] as const),
    deletes: (Deletes ?? []).map(({ Key }) => Key),
  };
}

function parse<T>(schema: z.ZodType<T>, body: Buffer): T {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("The body is not JSON.");
  }
}

function invalid(why: string): ApiError {
  return new ApiError(400, "ValidationException", why);
}
