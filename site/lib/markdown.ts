import { pairedShortcode as highlight } from "@11ty/eleventy-plugin-syntaxhighlight";
import MarkdownIt from "markdown-it";
import { SiteError } from "./problem.ts";

/** What Eleventy hands the renderer beside the text: the data of the page being rendered. */
type Env = { readonly page?: { readonly inputPath?: string } };

type Token = ReturnType<MarkdownIt["parse"]>[number];
type Core = Parameters<Parameters<MarkdownIt["core"]["ruler"]["push"]>[1]>[0];

/**
 * The Markdown of this site: headings carry ids and link to themselves, code is highlighted with
 * Prism's classes, tables scroll by themselves when they are too wide. Deterministic, and it never
 * writes a style attribute. Throws a SiteError for a fence in a language Prism does not know.
 */
export function createMarkdown(): MarkdownIt {
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false });
  markdown.core.ruler.push("heading_anchors", addHeadingAnchors);
  markdown.renderer.rules.table_open = () =>
    '<div class="table-scroll" role="group" aria-label="Table" tabindex="0">\n<table>\n';
  markdown.renderer.rules.table_close = () => "</table>\n</div>\n";
  markdown.renderer.rules.fence = (tokens, index, _options, env: Env) => {
    const token = tokens[index];
    return token ? renderFence(markdown, token, env) : "";
  };
  return markdown;
}

/** A heading's text as an id: lower-case letters, digits and dashes; `section` when none are left. */
export function slugify(text: string): string {
  const slug = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return slug || "section";
}

function addHeadingAnchors(state: Core): void {
  const taken = new Set<string>();
  for (const [index, token] of state.tokens.entries()) {
    const inline = state.tokens[index + 1];
    if (token.type !== "heading_open" || !inline?.children) continue;
    const id = freeId(slugify(plainText(inline.children)), taken);
    token.attrSet("id", id);
    // A link cannot hold another link.
    if (inline.children.some((child) => child.type === "link_open")) continue;
    const open = new state.Token("link_open", "a", 1);
    open.attrs = [
      ["class", "heading-link"],
      ["href", `#${id}`],
    ];
    inline.children = [open, ...inline.children, new state.Token("link_close", "a", -1)];
  }
}

function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let copy = 2; taken.has(id); copy += 1) id = `${wanted}-${copy}`;
  taken.add(id);
  return id;
}

function plainText(children: readonly Token[]): string {
  return children
    .filter((child) => child.type === "text" || child.type === "code_inline")
    .map((child) => child.content)
    .join("");
}

function renderFence(markdown: MarkdownIt, token: Token, env: Env): string {
  const language = token.info.trim().split(/\s+/)[0] ?? "";
  // The plugin leaves "text" unescaped, so plain text is never given to it.
  if (language === "" || language === "text") {
    const escaped = markdown.utils.escapeHtml(token.content.replace(/\n$/, ""));
    return `<div class="code"><pre class="language-text" tabindex="0"><code>${escaped}</code></pre></div>\n`;
  }
  const label = markdown.utils.escapeHtml(language);
  return `<div class="code" data-language="${label}">${highlighted(token, language, env)}</div>\n`;
}

function highlighted(token: Token, language: string, env: Env): string {
  try {
    return highlight(token.content.replace(/\n$/, ""), language, "", {
      trim: false,
      errorOnInvalidLanguage: true,
      preAttributes: { class: `language-${slugify(language)}`, tabindex: 0 },
    });
  } catch {
    throw new SiteError([
      {
        file: env.page?.inputPath?.replace(/^\.\//, "") ?? "Markdown",
        field: "code fence",
        message: `the highlighter knows no language "${language}"`,
        fix: 'Use another name, or "text".',
      },
    ]);
  }
}
