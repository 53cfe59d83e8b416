import type { PageFacts, Reference } from "./page-facts.ts";
import type { Problem } from "./problem.ts";

/** The finished site as the link check sees it. */
export type LinkCheck = {
  readonly origin: string;
  readonly paths: ReadonlySet<string>;
  readonly pages: readonly PageFacts[];
  /** Absolute addresses named outside of pages, by the file that names them: feed and sitemap. */
  readonly listed: ReadonlyMap<string, readonly string[]>;
};

type Target = { readonly path: string; readonly fragment: string };

/**
 * Every reference inside the site that leads nowhere: a page or asset that is not in the output, or
 * a fragment its page does not have. Addresses on other hosts are not followed.
 */
export function checkLinks(site: LinkCheck): readonly Problem[] {
  const ids = new Map(site.pages.map((page) => [page.path, new Set(page.ids)]));
  const problems: Problem[] = [];
  for (const page of site.pages) {
    for (const reference of page.references) {
      const message = whatIsBroken(reference.url, page.path, { ...site, ids });
      if (message) problems.push({ file: page.path, field: describe(reference), ...message });
    }
  }
  for (const [file, urls] of site.listed) {
    for (const url of urls) {
      const message = whatIsBroken(url, file, { ...site, ids });
      if (message) problems.push({ file, field: `"${url}"`, ...message });
    }
  }
  return problems;
}

/** The address of an output file: `blog/index.html` is served as `/blog/`. */
export function urlPath(path: string): string {
  return `/${path}`.replace(/\/index\.html$/, "/");
}

type Known = {
  readonly origin: string;
  readonly paths: ReadonlySet<string>;
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
};

function whatIsBroken(
  url: string,
  from: string,
  { origin, paths, ids }: Known,
): Pick<Problem, "message" | "fix"> | undefined {
  if (url.trim() === "") return { message: "is empty", fix: "Give it an address." };
  const target = insideTarget(url, from, origin);
  if (!target) return undefined;
  const file = fileAt(target.path, paths);
  if (file === undefined) {
    const slashed = fileAt(`${target.path}/`, paths);
    return slashed
      ? { message: "has no slash at its end", fix: `Write ${target.path}/.` }
      : { message: "leads to nothing in the site", fix: "Correct it, or add what it names." };
  }
  if (target.fragment === "" || ids.get(file)?.has(target.fragment)) return undefined;
  return {
    message: `names no id on ${urlPath(file)}`,
    fix: `Give a heading the id "${target.fragment}", or correct the link.`,
  };
}

function insideTarget(url: string, from: string, origin: string): Target | undefined {
  const parsed = URL.canParse(url, origin + urlPath(from))
    ? new URL(url, origin + urlPath(from))
    : undefined;
  if (parsed?.origin !== origin) return undefined;
  return { path: parsed.pathname, fragment: decoded(parsed.hash.slice(1)) };
}

function fileAt(pathname: string, paths: ReadonlySet<string>): string | undefined {
  const path = decoded(pathname).slice(1);
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  return paths.has(file) ? file : undefined;
}

/** A stray percent sign is the author's text, not an encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function describe({ tag, attribute, url }: Reference): string {
  return `<${tag} ${attribute}="${url}">`;
}
