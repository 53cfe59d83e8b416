import { urlPath } from "./links.ts";
import type { PageFacts } from "./page-facts.ts";
import type { Problem } from "./problem.ts";

/**
 * What every page promises its readers: a language, its own title and description, its canonical
 * address, one h1 and no skipped heading level, ids used once, sized images, and nothing that needs
 * a third party, an inline script or an inline style.
 */
export function checkPages(pages: readonly PageFacts[], origin: string): readonly Problem[] {
  return [
    ...pages.flatMap((page) => checkPage(page, origin)),
    ...checkUnique(pages, "title"),
    ...checkUnique(pages, "description"),
  ];
}

function checkPage(page: PageFacts, origin: string): readonly Problem[] {
  const file = page.path;
  const expected = origin + urlPath(page.path);
  const found: (Problem | false)[] = [
    !page.lang && { file, field: "<html>", message: "has no lang attribute" },
    !page.title.trim() && { file, field: "<title>", message: "is empty" },
    !page.description.trim() && { file, field: "description", message: "is empty" },
    page.canonical !== expected && {
      file,
      field: "canonical",
      message: `is "${page.canonical}", not "${expected}"`,
    },
    page.inlineScripts > 0 && { file, field: "<script>", message: "is inline" },
    page.styleAttributes.length > 0 && {
      file,
      field: `<${page.styleAttributes[0]}>`,
      message: "has a style attribute",
      fix: "Use a class.",
    },
    ...checkHeadings(page),
    ...repeated(page.ids).map((id) => ({ file, field: `id="${id}"`, message: "is used twice" })),
    ...page.imagesWithoutSize.map((url) => ({
      file,
      field: `<img src="${url}">`,
      message: "has no width and height",
    })),
    ...page.imagesWithoutAlt.map((url) => ({
      file,
      field: `<img src="${url}">`,
      message: "has no alt text",
    })),
    ...thirdParties(page, origin),
  ];
  return found.filter((problem) => problem !== false);
}

function checkHeadings(page: PageFacts): readonly Problem[] {
  const { path: file, headingLevels: levels } = page;
  const h1 = levels.filter((level) => level === 1).length;
  const problems: Problem[] =
    h1 === 1 ? [] : [{ file, field: "<h1>", message: `appears ${h1} times`, fix: "Use one." }];
  const skip = levels.findIndex((level, index) => level > (levels[index - 1] ?? 0) + 1);
  if (skip < 0) return problems;
  return [
    ...problems,
    {
      file,
      field: `<h${levels[skip]}>`,
      message: `follows ${skip === 0 ? "nothing" : `an h${levels[skip - 1]}`}`,
      fix: "Do not skip a heading level.",
    },
  ];
}

function thirdParties(page: PageFacts, origin: string): readonly Problem[] {
  return page.references
    .filter(({ tag, attribute }) => tag !== "a" && tag !== "meta" && attribute !== "data")
    .filter(({ url }) => /^(https?:)?\/\//.test(url) && new URL(url, origin).origin !== origin)
    .map(({ tag, url }) => ({
      file: page.path,
      field: `<${tag}>`,
      message: `asks another host for ${url}`,
      fix: "Serve it from this site.",
    }));
}

function checkUnique(
  pages: readonly PageFacts[],
  field: "title" | "description",
): readonly Problem[] {
  const firstWith = new Map<string, string>();
  const problems: Problem[] = [];
  for (const page of pages) {
    const first = firstWith.get(page[field]);
    if (first === undefined) firstWith.set(page[field], page.path);
    else problems.push({ file: page.path, field, message: `is the same as that of ${first}` });
  }
  return problems;
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
