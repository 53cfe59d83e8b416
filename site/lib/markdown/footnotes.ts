import type MarkdownIt from "markdown-it";
import footnotePlugin from "markdown-it-footnote";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";

/** Where a footnote was named: which one it is, from 0, and for which time, from 0. */
type Meta = { readonly id: number; readonly subId: number };

/**
 * Footnotes, `[^name]` with `[^name]: text` below, in a list at the end, each with a link back for every
 * place that names it. Their ids have an underscore, which those of headings never have. A name without a
 * text, and a text that nothing names, are mistakes.
 */
export function addFootnotes(markdown: MarkdownIt): void {
  markdown.use(footnotePlugin);
  markdown.core.ruler.before("footnote_tail", "footnote_twins", findTwins);
  markdown.core.ruler.after("footnote_tail", "footnote_problems", findProblems);
  const { rules } = markdown.renderer;
  rules.footnote_ref = (tokens, index) => {
    const { id, subId } = metaOf(tokens[index]);
    const href = `#fn_${id + 1}`;
    return `<sup class="footnote-ref"><a href="${href}" id="${refId({ id, subId })}" role="doc-noteref" aria-label="Footnote ${id + 1}">${id + 1}</a></sup>`;
  };
  rules.footnote_block_open = () =>
    '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol>\n';
  rules.footnote_block_close = () => "</ol>\n</section>\n";
  rules.footnote_open = (tokens, index) => `<li id="fn_${metaOf(tokens[index]).id + 1}">`;
  rules.footnote_close = () => "</li>\n";
  rules.footnote_anchor = (tokens, index) => {
    const meta = metaOf(tokens[index]);
    const which = meta.subId > 0 ? `, place ${meta.subId + 1}` : "";
    return ` <a class="footnote-back" href="#${refId(meta)}" role="doc-backlink" aria-label="Back to the text at footnote ${meta.id + 1}${which}">↩\uFE0E</a>`;
  };
}

function metaOf(token: Token | undefined): Meta {
  return token?.meta as Meta;
}

function refId({ id, subId }: Meta): string {
  return subId > 0 ? `fnref_${id + 1}_${subId + 1}` : `fnref_${id + 1}`;
}

/** Of two texts of one name the last one would be shown. */
function findTwins(state: CoreState): void {
  const env: Env = state.env;
  const names = new Set<string>();
  for (const [index, token] of state.tokens.entries()) {
    if (token.type !== "footnote_reference_open") continue;
    const name = String(token.meta.label);
    if (names.has(name)) {
      const line = lineOf(state.tokens[index + 1] ?? token, env);
      const message = `[^${name}] has two texts`;
      const fix = "Give one of them another name.";
      env.problems.push({ file: env.file, line, field: "footnote", message, fix });
    }
    names.add(name);
  }
}

function findProblems(state: CoreState): void {
  const env: Env = state.env;
  const problem = (line: number, message: string, fix: string) =>
    env.problems.push({ file: env.file, line, field: "footnote", message, fix });
  let line = env.firstLine;
  for (const token of state.tokens) {
    if (token.map) line = lineOf(token, env);
    for (const name of namesIn(token)) {
      problem(line, `[^${name}] has no text`, `Add a line "[^${name}]: …", or remove it.`);
    }
  }
  for (const name of unusedIn(state.env)) {
    const at = state.src.split("\n").findIndex((text) => text.startsWith(`[^${name}]:`));
    const fix = `Write [^${name}] where it belongs, or remove it.`;
    problem(env.firstLine + Math.max(0, at), `[^${name}]: is named nowhere`, fix);
  }
}

/** What still looks like a footnote was not taken for one: nothing is known of that name. */
function namesIn(token: Token): readonly string[] {
  return (token.children ?? [])
    .filter(({ type }) => type === "text")
    .flatMap(({ content }) => [...content.matchAll(/\[\^([^\]\s]+)\]/g)])
    .map(([, name]) => name ?? "");
}

/** The plugin keeps for each name the number of its note, -1 while nothing has named it. */
function unusedIn(env: {
  readonly footnotes?: { readonly refs?: Readonly<Record<string, number>> };
}): readonly string[] {
  const refs = Object.entries(env.footnotes?.refs ?? {});
  return refs.filter(([, number]) => number < 0).map(([key]) => key.slice(1));
}
