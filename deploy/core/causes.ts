import type { Change } from "./change.ts";
import { compareKeys, type ObjectKey } from "./keys.ts";
import { roleOf } from "./source.ts";
import { type Edit, editsBetween } from "./text-edits.ts";

/** Edits that came together in the same pages: a new footer, a renamed stylesheet. */
export type Cause = {
  /** How many of the compared pages have all of these edits. */
  readonly pages: number;
  /** How many of those have no other edit. */
  readonly only: number;
  /** The first of them, shortened for people. */
  readonly edits: readonly Edit[];
  readonly editCount: number;
  /** Some of the pages, sorted. */
  readonly examples: readonly ObjectKey[];
};

/** Why so many pages changed, as far as a sample of them can say. */
export type ChangeCauses = {
  /** Pages whose content changes. */
  readonly changed: number;
  /** How many of them were compared with what is stored. */
  readonly compared: number;
  /** What at least two of the compared pages share; what most of them share comes first. */
  readonly causes: readonly Cause[];
};

/** One page as it is stored and as it was built. */
export type PagePair = {
  readonly key: ObjectKey;
  readonly before: string;
  readonly after: string;
};

/** With fewer changed pages a person reads the list. */
const WORTH_EXPLAINING = 11;
/** Pages that are fetched and compared at most. */
const SAMPLE = 24;
/** Bytes; a larger page is no good example, and costs as much as all others. */
const LARGEST_PAGE = 1024 * 1024;

const SHOWN_EDITS = 3;
const SHOWN_PAGES = 3;
const SHOWN_CHARACTERS = 60;

/** The pages to compare, spread evenly over all that changed; none when a list says enough. */
export function sampleOf(changes: readonly Change[]): {
  readonly changed: number;
  readonly sample: readonly ObjectKey[];
} {
  const pages = changes.filter(isChangedPage);
  if (pages.length < WORTH_EXPLAINING) return { changed: pages.length, sample: [] };
  const readable = pages.filter(isReadable).map((change) => change.file.key);
  const size = Math.min(SAMPLE, readable.length);
  const sample = Array.from({ length: size }, (_, i) =>
    readable.at(Math.floor((i * readable.length) / size)),
  );
  return { changed: pages.length, sample: sample.flatMap((key) => key ?? []) };
}

type Replacement = Extract<Change, { readonly kind: "replace" }>;

function isChangedPage(change: Change): change is Replacement {
  return (
    change.kind === "replace" &&
    change.reason === "content" &&
    roleOf(change.file.key) === "page" &&
    change.file.origin.kind === "file"
  );
}

/** Small enough, and text as it is stored. */
function isReadable({ file, before }: Replacement): boolean {
  const isEncoded =
    file.origin.kind === "file" && file.origin.headers.contentEncoding !== undefined;
  return !isEncoded && Math.max(file.size, before.size) <= LARGEST_PAGE;
}

/** Groups what changed in these pages by identical edit. The order of the pages does not matter. */
export function findCauses(changed: number, pairs: readonly PagePair[]): ChangeCauses {
  const sorted = [...pairs].sort((a, b) => compareKeys(a.key, b.key));
  const pages = sorted.map(({ key, before, after }) => ({
    key,
    edits: new Map(editsBetween(before, after).map((edit) => [JSON.stringify(edit), edit])),
  }));
  const holders = new Map<string, number[]>();
  for (const [page, { edits }] of pages.entries()) {
    for (const name of edits.keys()) {
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [page]);
      else known.push(page);
    }
  }
  const causes = groupByHolders(holders).map(({ names, holding }): Cause => {
    const held = holding.flatMap((page) => pages[page] ?? []);
    const edits = names.flatMap((name) => held[0]?.edits.get(name) ?? []);
    return {
      pages: held.length,
      only: held.filter((page) => page.edits.size === names.length).length,
      edits: edits.slice(0, SHOWN_EDITS).map(shortened),
      editCount: edits.length,
      examples: held.slice(0, SHOWN_PAGES).map((page) => page.key),
    };
  });
  causes.sort((a, b) => b.pages - a.pages || b.only - a.only);
  return { changed, compared: pages.length, causes };
}

/** Edits that the very same pages have are one cause; an edit of a single page is none. */
function groupByHolders(holders: ReadonlyMap<string, readonly number[]>) {
  const groups = new Map<
    string,
    { readonly names: string[]; readonly holding: readonly number[] }
  >();
  for (const [name, holding] of holders) {
    if (holding.length < 2) continue;
    const pages = holding.join();
    const group = groups.get(pages);
    if (group === undefined) groups.set(pages, { names: [name], holding });
    else group.names.push(name);
  }
  return [...groups.values()];
}

/** Both sides without what they share at length, so that the difference itself is seen. */
function shortened({ removed, added }: Edit): Edit {
  const shared = sharedStart(removed, added);
  const start = shared > SHOWN_CHARACTERS / 3 ? shared - SHOWN_CHARACTERS / 3 : 0;
  return { removed: excerpt(removed, start), added: excerpt(added, start) };
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function excerpt(text: string, start: number): string {
  const near = text.slice(start, start + 4 * SHOWN_CHARACTERS);
  const characters = [...near.replace(/[\s\p{Cc}]+/gu, " ")];
  const rest = characters.slice(0, SHOWN_CHARACTERS).join("").toWellFormed();
  return `${start > 0 ? "…" : ""}${rest}${characters.length > SHOWN_CHARACTERS ? "…" : ""}`;
}
