import { nameInArn } from "./arn.ts";
import { type ConfigResource, rootOf } from "./config-resource.ts";
import type { FunctionRecord } from "./viewer-function-record.ts";
import type { XmlNode } from "./xml.ts";

/** The ids of the stores that a function is associated with, in either stage. */
export function storesInUse(functions: readonly FunctionRecord[]): ReadonlySet<string> {
  const used = functions.flatMap(({ development, live }) => [
    development.config.store,
    live?.config.store,
  ]);
  return new Set(used.filter((id) => id !== undefined));
}

/** What distributions name in fields of one name, wherever they have it. */
export function namedIn(
  distributions: readonly ConfigResource[],
  field: "ResponseHeadersPolicyId" | "OriginAccessControlId" | "FunctionARN",
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: XmlNode) => {
    if (node.name === field) found.add(node.text);
    for (const child of node.children) visit(child);
  };
  for (const { config } of distributions) visit(rootOf(config));
  return found;
}

/** The names of the functions that distributions run. */
export function functionsInUse(distributions: readonly ConfigResource[]): ReadonlySet<string> {
  const arns = [...namedIn(distributions, "FunctionARN")];
  return new Set(arns.map((arn) => nameInArn("function", arn) ?? ""));
}
