import { pairedShortcode as highlight } from "@11ty/eleventy-plugin-syntaxhighlight";
import type MarkdownIt from "markdown-it";
import type { Problem } from "../problem.ts";
import { type Env, lineOf, type Token } from "./env.ts";
import { type FenceInfo, readFenceInfo } from "./fence-info.ts";
import { slugify } from "./headings.ts";
import { markLines } from "./line-marks.ts";

/**
 * Code between fences is highlighted while the site is built, with Prism's classes. A title stands above
 * it, and marked lines stand out.
 */
export function addFences(markdown: MarkdownIt): void {
  markdown.renderer.rules.fence = (tokens, index, _options, env: Env) => {
    const token = tokens[index];
    if (token === undefined) return "";
    const info = readFenceInfo(token.info);
    env.problems.push(...problemsOf(info, token, env));
    const code = renderFence(info, token, { env, escapeHtml: markdown.utils.escapeHtml });
    return info.isExample ? example(code, token, { env, markdown }) : code;
  };
}

type Tools = { readonly env: Env; readonly escapeHtml: (text: string) => string };

function renderFence(info: FenceInfo, token: Token, { env, escapeHtml }: Tools): string {
  const { language, title, marked } = info;
  const inside = highlighted(info, token, env) ?? escapeHtml(codeOf(token));
  const lines = marked.size === 0 ? inside : markLines(inside, marked);
  // The plugin leaves "text" unescaped, so plain text is never given to it.
  const name = isPlain(language) ? "text" : slugify(language);
  const label = isPlain(language) ? "" : ` data-language="${escapeHtml(language)}"`;
  const pre = `<pre class="language-${name}" tabindex="0"><code>${lines}</code></pre>`;
  return title === ""
    ? `<div class="code"${label}>${pre}</div>\n`
    : `<figure class="code"${label}><figcaption class="code-title">${escapeHtml(title)}</figcaption>${pre}</figure>\n`;
}

/** Every bracket and comma has its element, and no style: half a kilobyte of a page that travels. */
const UNSTYLED = /<span class="token (?:punctuation|operator)">([^<]*)<\/span>/g;

/** Undefined for plain text, and for a language that Prism does not know, which is a problem. */
function highlighted({ language }: FenceInfo, token: Token, env: Env): string | undefined {
  if (isPlain(language)) return undefined;
  try {
    const html = highlight(codeOf(token), language, "", {
      trim: false,
      lineSeparator: "\n",
      errorOnInvalidLanguage: true,
      preAttributes: {},
    });
    return /<code[^>]*>([\s\S]*)<\/code><\/pre>$/.exec(html)?.[1]?.replace(UNSTYLED, "$1");
  } catch {
    env.problems.push(
      problemAt(token, env, {
        message: `the highlighter knows no language "${language}"`,
        fix: 'Use another name, or "text".',
      }),
    );
    return undefined;
  }
}

/** The style guide's way to show an element: what it becomes, and below it what was written. */
function example(
  code: string,
  token: Token,
  { env, markdown }: { readonly env: Env; readonly markdown: MarkdownIt },
): string {
  const { file, images, problems, places } = env;
  const inner: Env = { file, images, problems, places, firstLine: lineOf(token, env) + 1 };
  const result = markdown.render(token.content, inner);
  return `<div class="example">\n<div class="example-result">\n${result}</div>\n${code}</div>\n`;
}

function problemsOf(info: FenceInfo, token: Token, env: Env): readonly Problem[] {
  const lines = codeOf(token).split("\n").length;
  const open = hasNoEnd(token)
    ? [
        problemAt(token, env, {
          message: "has no end",
          fix: `Write ${token.markup} below the code.`,
        }),
      ]
    : [];
  const beyond = [...info.marked].filter((number) => number > lines);
  return [
    ...open,
    ...info.unknown.map((word) =>
      problemAt(token, env, {
        message: `has ${word} behind the language, which means nothing`,
        fix: 'Write title="name" or lines such as {2,4-5} there, or nothing.',
      }),
    ),
    ...beyond.slice(0, 1).map((number) =>
      problemAt(token, env, {
        message: `marks line ${number}, but has ${lines}`,
        fix: "Mark lines that are there.",
      }),
    ),
  ];
}

/** The block of one that ends is a line longer: without its end, the code goes on to that of the text. */
function hasNoEnd({ content, map }: Token): boolean {
  return map !== null && map[1] - map[0] < content.split("\n").length + 1;
}

function problemAt(token: Token, env: Env, words: Pick<Problem, "message" | "fix">): Problem {
  return { file: env.file, line: lineOf(token, env), field: "code fence", ...words };
}

function isPlain(language: string): boolean {
  return language === "" || language === "text";
}

function codeOf(token: Token): string {
  return token.content.replace(/\n$/, "");
}
