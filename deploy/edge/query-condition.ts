import type { QueryCondition } from "./rules.ts";
import { decodePath } from "./uri.ts";

export type ParsedConditions =
  | { readonly kind: "conditions"; readonly conditions: readonly QueryCondition[] }
  | { readonly kind: "problem"; readonly reason: string };

/**
 * Reads what a rule asks of the query: `id=:id` binds a value, `id=7` asks for one. Names and values
 * are percent-decoded. `taken` are the names that the path's placeholders have already.
 */
export function parseConditions(
  written: readonly (readonly [name: string, value: string])[],
  taken: ReadonlySet<string>,
): ParsedConditions {
  const conditions: QueryCondition[] = [];
  const parameters = new Set<string>();
  const placeholders = new Set(taken).add("splat");
  for (const [name, value] of written) {
    const condition = parseCondition(name, value);
    if (typeof condition === "string") return problem(condition);
    if (parameters.has(condition.name)) {
      return problem(`it asks twice for the query's ${name}: one condition a parameter`);
    }
    parameters.add(condition.name);
    if (condition.kind === "bind") {
      if (placeholders.has(condition.placeholder)) {
        return problem(`:${condition.placeholder} has a value already: take another name`);
      }
      placeholders.add(condition.placeholder);
    }
    conditions.push(condition);
  }
  return { kind: "conditions", conditions };
}

/** The condition, or what is wrong with it. */
function parseCondition(writtenName: string, writtenValue: string): QueryCondition | string {
  const name = decodePath(writtenName);
  const value = decodePath(writtenValue);
  if (name === undefined || value === undefined) {
    return "a condition of the query is not percent-encoded UTF-8: write %25 for a percent sign";
  }
  if (name === "")
    return "a condition of the query has no name: write `name=value` or `name=:name`";
  if (VIEWER_CONDITIONS.has(writtenName)) return viewerCondition(writtenName);
  if (!writtenValue.startsWith(":")) return { kind: "equals", name, value };
  const placeholder = /^:([A-Za-z][A-Za-z0-9_]*)$/.exec(writtenValue)?.[1];
  return placeholder === undefined
    ? `"${writtenValue}" is no placeholder: it has letters, digits and _; write %3A for a colon in a value`
    : { kind: "bind", name, placeholder };
}

/** Netlify's conditions on who asks; the first letter escaped, they are parameters of the query. */
export const VIEWER_CONDITIONS: ReadonlySet<string> = new Set([
  "Country",
  "Language",
  "Role",
  "Cookie",
]);

/** Why a rule cannot ask who the viewer is, and what to do. */
export function viewerCondition(name: string): string {
  const escaped = `%${name.charCodeAt(0).toString(16).toUpperCase()}${name.slice(1)}`;
  return `a rule cannot depend on ${name}: one address has one answer here, for people, caches and search engines alike. Let pages link to their other versions; if a parameter of the query is meant, write ${escaped}=`;
}

function problem(reason: string): ParsedConditions {
  return { kind: "problem", reason };
}
