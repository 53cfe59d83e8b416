import type { OutputFile } from "../assets.ts";
import { listedUrls } from "../discovery/feed.ts";
import type { Problem } from "../problem.ts";
import type { RenderedPage } from "../render.ts";
import { checkWeights } from "./budgets.ts";
import type { Fault } from "./fault.ts";
import { checkLinks } from "./links.ts";
import { locate, type Origins, type SourceText } from "./locate.ts";
import type { PageFacts } from "./page-facts.ts";
import { checkPages, type PageFault, type SiteFacts } from "./page-rules.ts";
import { checkScripts } from "./page-scripts.ts";
import { imbalanceOf } from "./structure.ts";

/** A finished site, as far as the checks ask about it. */
export type FinishedSite = SiteFacts & {
  readonly rendered: readonly RenderedPage[];
  /** One for each rendered page of HTML. */
  readonly pages: readonly PageFacts[];
  /** Files that are no pages: their sizes count for the pages that load them. */
  readonly assets: readonly OutputFile[];
  /** The place of every file of the output. */
  readonly paths: ReadonlySet<string>;
  /** Addresses that are missing for a reason: what a link to one is told, null for nothing. */
  readonly missing: ReadonlyMap<string, string | null>;
  /** The places of pages that are checked, and that no page of the site may lead to. */
  readonly inside: ReadonlySet<string>;
  /** Parts of the pages were left out, as their templates failed: what follows from that is not told. */
  readonly isPatched: boolean;
  /** The text of a content file, and what is known of its Markdown. */
  readonly sourceOf: (file: string) => SourceText;
  /** Layouts and data. Asked for only where there is a fault. */
  readonly readShared: () => readonly SourceText[];
};

/** Every mistake that a finished site shows, by file and line of what the author wrote. */
export function checkSite(site: FinishedSite): readonly Problem[] {
  const { rendered, pages, paths, missing, inside, origin } = site;
  const listings = rendered
    .filter(({ path }) => path.endsWith(".xml"))
    .map(({ path, content }) => ({ file: path, urls: listedUrls(content) }));
  const faults = [
    ...checkPages(pages, site),
    ...checkWeights(pages, site.assets),
    ...checkScripts(pages, rendered),
    ...checkLinks({ origin, paths, pages, listings, missing, inside }),
  ];
  return faults.length === 0 ? [] : nameAll(faults, site);
}

function nameAll(faults: readonly PageFault[], site: FinishedSite): readonly Problem[] {
  const shared = site.readShared();
  const pages = new Map(site.rendered.map((page) => [page.path, page]));
  const sources = new Map<string, SourceText>();
  return faults.flatMap((fault) => {
    const page = pages.get(fault.page);
    if (!page) throw new Error(`A fault of a page that is not in the site: ${fault.page}`);
    const source = sources.get(page.source) ?? site.sourceOf(page.source);
    sources.set(page.source, source);
    const own = fault.unbalanced ? imbalanceIn(source, page) : [];
    const problems = (own.length > 0 ? own : [fault]).map((f) =>
      named(f, page, { source, shared }),
    );
    if (!site.isPatched) return problems;
    return problems.filter(
      ({ file, line }) => isOwn(fault) && file === source.file && line !== undefined,
    );
  });
}

/** What stands in the text of a page, and not in what a layout puts around it. */
function isOwn({ clue }: Fault): boolean {
  return clue.kind !== "head";
}

/**
 * An element that Markdown leaves open takes the end tag of the layout around it, and the page then blames
 * the layout. Looked at by itself, the Markdown tells whose fault it was.
 */
function imbalanceIn({ html }: SourceText, { content }: RenderedPage): readonly Fault[] {
  const start = html === undefined ? -1 : content.indexOf(html);
  if (html === undefined || start < 0) return [];
  return imbalanceOf(html).map((fault) => {
    const { clue } = fault;
    return { ...fault, clue: { ...clue, offset: clue.offset + start } };
  });
}

function named(fault: Fault, { content }: RenderedPage, origins: Origins): Problem {
  const { field, message, fix, level, clue } = fault;
  const spot = locate(clue, content, origins);
  const problem = { ...spot, field, message, fix };
  return level === undefined ? problem : { ...problem, level };
}
