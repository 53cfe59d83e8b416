import type { AnswerStatus, ObjectHeaders } from "../core/headers.ts";
import { foldIndex, matchPattern } from "./pattern.ts";
import type { PathHeaders } from "./rules.ts";
import { addressAt } from "./site-pages.ts";

/**
 * The headers that CloudFront has to know too, for its cache and its compression: they are stored with
 * the objects, because a policy and a function only reach viewers (CF-DG "Add or remove HTTP headers").
 */
const FIELDS: ReadonlyMap<string, Exclude<keyof ObjectHeaders, "answerStatus">> = new Map([
  ["cache-control", "cacheControl"],
  ["content-disposition", "contentDisposition"],
  ["content-encoding", "contentEncoding"],
  ["content-language", "contentLanguage"],
  ["content-type", "contentType"],
]);

/** Whether a header of this lower-case name is stored with the objects. */
export function isStoredName(name: string): boolean {
  return FIELDS.has(name);
}

/** What an object is stored with instead of the defaults for its name. */
export type StoredHeaders = (key: string) => Partial<ObjectHeaders>;

/**
 * The stored headers of each key: of several blocks that name a header the last one counts, because
 * none of these can have two values; taken away, it is the default's again.
 */
export function storedHeaders(
  blocks: readonly PathHeaders[],
  statuses: ReadonlyMap<string, AnswerStatus>,
): StoredHeaders {
  const relevant = blocks
    .filter(({ set, remove }) => [...set.map(({ name }) => name), ...remove].some(isStoredName))
    .map((block) => ({ ...block, from: foldIndex(block.from) }));
  return (key) => {
    const answerStatus = statuses.get(key);
    const told = answerStatus === undefined ? {} : { answerStatus };
    return { ...fieldsOf(key, relevant), ...told };
  };
}

function fieldsOf(key: string, blocks: readonly PathHeaders[]): Partial<ObjectHeaders> {
  const canonical = blocks.length === 0 ? undefined : addressAt(`/${key}`)?.canonical;
  if (canonical === undefined) return {};
  const segments = canonical.split("/").filter((segment) => segment !== "");
  const fields = new Map<string, string>();
  for (const { from, set, remove } of blocks) {
    if (matchPattern(from, segments) === undefined) continue;
    for (const name of remove) fields.delete(FIELDS.get(name) ?? name);
    for (const { name, value } of set) {
      const field = FIELDS.get(name);
      if (field !== undefined) fields.set(field, value);
    }
  }
  return Object.fromEntries(fields);
}
