import { pairedShortcode as highlight } from "@11ty/eleventy-plugin-syntaxhighlight";
import type MarkdownIt from "markdown-it";
import { type Env, lineOf, type Token } from "./env.ts";
import { slugify } from "./headings.ts";

/** Code between fences is highlighted while the site is built, with Prism's classes. */
export function addFences(markdown: MarkdownIt): void {
  markdown.renderer.rules.fence = (tokens, index, _options, env: Env) => {
    const token = tokens[index];
    return token ? renderFence(token, env, markdown.utils.escapeHtml) : "";
  };
}

function renderFence(token: Token, env: Env, escapeHtml: (text: string) => string): string {
  const language = token.info.trim().split(/\s+/)[0] ?? "";
  // The plugin leaves "text" unescaped, so plain text is never given to it.
  if (language === "" || language === "text") return plainCode(escapeHtml(codeOf(token)));
  const html = highlighted(token, language);
  if (html !== undefined) {
    return `<div class="code" data-language="${escapeHtml(language)}">${html}</div>\n`;
  }
  env.problems.push({
    file: env.file,
    line: lineOf(token, env),
    field: "code fence",
    message: `the highlighter knows no language "${language}"`,
    fix: 'Use another name, or "text".',
  });
  return plainCode(escapeHtml(codeOf(token)));
}

function plainCode(escaped: string): string {
  return `<div class="code"><pre class="language-text" tabindex="0"><code>${escaped}</code></pre></div>\n`;
}

/** Undefined for a language that Prism does not know. */
function highlighted(token: Token, language: string): string | undefined {
  try {
    return highlight(codeOf(token), language, "", {
      trim: false,
      errorOnInvalidLanguage: true,
      preAttributes: { class: `language-${slugify(language)}`, tabindex: 0 },
    });
  } catch {
    return undefined;
  }
}

function codeOf(token: Token): string {
  return token.content.replace(/\n$/, "");
}
