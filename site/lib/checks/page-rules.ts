import type { Clue, Fault } from "./fault.ts";
import { urlPath } from "./links.ts";
import type { Heading } from "./names.ts";
import type { PageFacts } from "./page-facts.ts";

/** A fault, and the page of the output that it was found on. */
export type PageFault = Fault & { readonly page: string };

/** How long a title and a description may be before a search engine cuts them, in characters. */
export const LENGTHS = {
  title: { most: 70, better: 60 },
  description: { most: 160, better: 150 },
} as const;

type Field = keyof typeof LENGTHS;

/** What the rules know of the site beside its pages. */
export type SiteFacts = {
  readonly origin: string;
  /** Stands behind every title but the home page's: ` – Naked Coders`. */
  readonly titleEnd: string;
};

/**
 * What every page promises its readers: a language, its own title and description, its canonical
 * address, one h1 and no skipped heading level, and nothing that needs a third party.
 */
export function checkPages(pages: readonly PageFacts[], site: SiteFacts): readonly PageFault[] {
  return [
    ...pages.flatMap((page) =>
      checkPage(page, site).map((fault) => ({ ...fault, page: page.path })),
    ),
    ...checkUnique(pages, site, "title"),
    ...checkUnique(pages, site, "description"),
  ];
}

function checkPage(page: PageFacts, site: SiteFacts): readonly Fault[] {
  return [
    ...page.faults,
    ...checkHead(page, site),
    ...checkLength("title", titleOf(page, site)),
    ...checkLength("description", page.description),
    ...checkHeadings(page.headings),
    ...thirdParties(page, site.origin),
  ];
}

function checkHead(page: PageFacts, { origin }: SiteFacts): readonly Fault[] {
  const expected = origin + urlPath(page.path);
  const faults: (Fault | false)[] = [
    !page.lang && {
      field: "<html>",
      message: "has no lang attribute",
      fix: 'Write <html lang="en">.',
      clue: head("<html"),
    },
    !page.title.trim() && {
      field: "title",
      message: "is empty",
      fix: "Add a title of at most 70 characters.",
      clue: head("title:"),
    },
    !page.description.trim() && {
      field: "description",
      message: "is empty",
      fix: "Add a description of at most 160 characters.",
      clue: head("description:"),
    },
    page.canonical !== expected && {
      field: "canonical",
      message: page.canonical ? `is "${page.canonical}", not "${expected}"` : "is missing",
      fix: 'Write <link rel="canonical" href="{{ page.url | absoluteUrl }}">.',
      clue: head('rel="canonical"'),
    },
  ];
  return faults.filter((fault) => fault !== false);
}

/** A title without the site's name, which is the same on every page. */
function titleOf({ title }: PageFacts, { titleEnd }: SiteFacts): string {
  const text = title.trim();
  return text.endsWith(titleEnd) ? text.slice(0, -titleEnd.length) : text;
}

function checkLength(field: Field, text: string): readonly Fault[] {
  const length = [...text].length;
  const { most, better } = LENGTHS[field];
  const clue = head(`${field}:`);
  if (length > most) {
    const message = `has ${length} characters`;
    return [{ field, message, fix: `Shorten it to at most ${most}.`, clue }];
  }
  if (length <= better) return [];
  const message = `has ${length} characters, so a search engine may cut its end`;
  return [{ level: "warning", field, message, fix: `${better} are safe.`, clue }];
}

function checkHeadings(headings: readonly Heading[]): readonly Fault[] {
  const firsts = headings.filter(({ level }) => level === 1);
  const faults: Fault[] = [];
  if (firsts.length === 0) {
    const message = "is missing: a page has one first-level heading";
    faults.push({ field: "<h1>", message, fix: "Write it.", clue: head("title:") });
  }
  for (const heading of firsts.slice(1)) {
    const fix = "Write ## for a heading within the text: the title is the first-level one.";
    faults.push({ ...inHeading(heading), message: "is a second first-level heading", fix });
  }
  for (const [index, heading] of headings.entries()) {
    const before = headings[index - 1];
    if (heading.level <= (before?.level ?? 0) + 1) continue;
    const follows = before ? `an <h${before.level}>` : "nothing";
    faults.push({
      ...inHeading(heading),
      message: `is an <h${heading.level}> that follows ${follows}`,
      fix: `Do not skip a level: make it an <h${(before?.level ?? 0) + 1}>.`,
    });
  }
  return faults;
}

function inHeading({ text, offset }: Heading): Pick<Fault, "field" | "clue"> {
  return { field: `the heading "${text}"`, clue: { kind: "heading", text, offset } };
}

function thirdParties(page: PageFacts, origin: string): readonly Fault[] {
  return page.references
    .filter(({ tag, attribute }) => tag !== "a" && tag !== "meta" && attribute !== "data")
    .filter(({ url }) => /^(https?:)?\/\//i.test(url) && originOf(url, origin) !== origin)
    .map(({ tag, url, offset }) => ({
      field: `<${tag}>`,
      message: `asks another host for ${url}, which the site's policy refuses`,
      fix: "Serve it from this site.",
      clue: { kind: tag === "img" ? "image" : "html", text: url, offset },
    }));
}

function originOf(url: string, base: string): string | undefined {
  return URL.canParse(url, base) ? new URL(url, base).origin : undefined;
}

function checkUnique(
  pages: readonly PageFacts[],
  site: SiteFacts,
  field: Field,
): readonly PageFault[] {
  const byText = new Map<string, PageFacts[]>();
  for (const page of pages) {
    const text = field === "title" ? titleOf(page, site) : page.description.trim();
    if (text !== "") byText.set(text, [...(byText.get(text) ?? []), page]);
  }
  return [...byText.values()].flatMap((alike) =>
    alike.slice(1).map((page) => ({
      page: page.path,
      field,
      message: `is the same as that of ${urlPath(alike[0]?.path ?? "")}`,
      fix: "Say what only this page is about.",
      clue: head(`${field}:`),
    })),
  );
}

function head(text: string): Clue {
  return { kind: "head", text, offset: 0 };
}
