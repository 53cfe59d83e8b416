import { posix } from "node:path";
import type MarkdownIt from "markdown-it";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";

const CONTENT = "site/content/";

/**
 * A link to another content file, `[text](./2026-05-19-other.md#part)`, leads to the page that is made of
 * it. So links can be followed in an editor too. Whether the file is there, the build says: what is
 * rendered here must not depend on other files.
 */
export function addSourceLinks(markdown: MarkdownIt): void {
  markdown.core.ruler.push("source_links", (state) => {
    for (const token of state.tokens) resolveIn(token, state.env);
  });
}

/** The address of the page that a content file becomes: the day in an article's name is no part of it. */
export function addressOfSource(file: string): string {
  const path = file.slice(CONTENT.length, -".md".length);
  const article = /^blog\/(?:\d{4}-\d{2}-\d{2}-)?([^/]+)$/.exec(path);
  if (article) return `/blog/${article[1]}/`;
  return `/${path}/`.replace(/\/index\/$/, "/");
}

function resolveIn(token: CoreState["tokens"][number], env: Env): void {
  for (const child of token.children ?? []) {
    if (child.type === "link_open") resolve(child, lineOf(token, env), env);
  }
}

function resolve(link: Token, line: number, env: Env): void {
  const written = decoded(String(link.attrGet("href") ?? ""));
  const [, path, rest = ""] = /^([^/:?#][^:?#]*\.md)([?#].*)?$/.exec(written) ?? [];
  if (path === undefined) return;
  const target = posix.join(posix.dirname(env.file), path);
  if (target.startsWith(CONTENT)) {
    link.attrSet("href", addressOfSource(target) + rest);
    env.places.push({ kind: "source", text: target, line });
    return;
  }
  env.problems.push({
    file: env.file,
    line,
    field: "link",
    message: `"${written}" is no file below ${CONTENT}`,
    fix: "Name one that is, or write the whole address.",
  });
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
