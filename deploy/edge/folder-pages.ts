import type { RedirectRule } from "./rules.ts";

const PAGE = "/404.html";

/**
 * The 404 pages of folders as rules, the deepest folder first: `de/404.html` answers for what is
 * missing below `/de/`. They pass by files, so that a script that is missing is no page. The page of
 * the whole site is not among them: CloudFront shows that one by itself.
 */
export function folderPageRules(keys: ReadonlySet<string>): readonly RedirectRule[] {
  return [...keys]
    .filter((key) => key.endsWith(PAGE))
    .map((key) => ({ key, folder: key.slice(0, -PAGE.length).split("/") }))
    .sort((a, b) => b.folder.length - a.folder.length || (a.key < b.key ? -1 : 1))
    .map(({ key, folder }) => ({
      from: { segments: folder.map((text) => ({ kind: "literal", text })), splat: true },
      query: [],
      answer: { kind: "gone", page: `/${key}`, status: 404 },
      force: false,
      pagesOnly: true,
      source: { file: key, text: `the 404 page of /${folder.join("/")}/` },
    }));
}
