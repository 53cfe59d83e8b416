import { createReferenceCollector, type References } from "../core/references/collect.ts";
import type { SourceFile } from "../core/source.ts";
import type { SiteFiles } from "../ports.ts";
import { inParallel } from "./in-parallel.ts";

/** Nobody writes a page as large as this; its references are not looked for. */
const MOST_READ_BYTES = 4 * 1024 * 1024;

/** Files held at once. */
const READS = 16;

/**
 * What the files of a built site name. Files that are stored compressed are not looked into, nor files
 * over 4 MiB. A file that is gone meanwhile names nothing: its upload will find that out.
 */
export async function readReferences(
  files: readonly SourceFile[],
  from: { readonly url: string | undefined; readonly site: SiteFiles },
): Promise<References> {
  const collector = createReferenceCollector(from.url);
  const decoder = new TextDecoder();
  const wanted = files.filter((file) => collector.wants(file.key) && isReadable(file));
  await inParallel(wanted, READS, async ({ key }) => {
    const bytes = await from.site.read(key);
    if (bytes !== undefined) collector.read(key, decoder.decode(bytes));
  });
  return collector.collected();
}

function isReadable({ size, origin }: SourceFile): boolean {
  if (size > MOST_READ_BYTES || origin.kind !== "file") return false;
  return origin.headers.contentEncoding === undefined;
}
