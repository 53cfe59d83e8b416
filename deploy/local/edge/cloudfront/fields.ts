import { ApiError } from "./api-error.ts";
import { childOf, childrenOf, textOf, type XmlNode } from "./xml.ts";

/** The text of a child, or undefined if there is none. Throws an ApiError if it holds elements. */
export function optionalText(node: XmlNode | undefined, name: string): string | undefined {
  const children = childrenOf(node, name);
  if (children.length > 1) throw malformed(`${name} may be given once`);
  const [child] = children;
  if (child === undefined) return undefined;
  const text = textOf(child);
  if (text === undefined) throw malformed(`${name} must be a value`);
  return text;
}

/** Throws an ApiError if the child is missing. */
export function requiredText(node: XmlNode | undefined, name: string): string {
  const text = optionalText(node, name);
  if (text === undefined) throw malformed(`${name} is missing`);
  return text;
}

export function optionalBoolean(node: XmlNode | undefined, name: string): boolean | undefined {
  const text = optionalText(node, name)?.trim();
  if (text === undefined) return undefined;
  if (text !== "true" && text !== "false") throw malformed(`${name} must be true or false`);
  return text === "true";
}

export function requiredBoolean(node: XmlNode | undefined, name: string): boolean {
  const value = optionalBoolean(node, name);
  if (value === undefined) throw malformed(`${name} is missing`);
  return value;
}

/** A whole number, not negative. */
export function optionalNumber(node: XmlNode | undefined, name: string): number | undefined {
  const text = optionalText(node, name)?.trim();
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,10}$/.test(text)) throw malformed(`${name} must be a number that is not negative`);
  return Number(text);
}

/** One of the allowed values. Throws the error that CloudFront's own check of the model gives. */
export function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new ApiError(
    400,
    "MalformedXML",
    `1 validation error detected: Value '${value ?? "null"}' at '${name}' failed to satisfy constraint: ` +
      `Member must satisfy value set: [${allowed.join(", ")}].`,
  );
}

/** The elements of a `{Quantity, Items}` list, which may be absent altogether. */
export function itemsOf(list: XmlNode | undefined, name: string): readonly XmlNode[] {
  return childrenOf(childOf(list, "Items"), name);
}

/** The texts of such a list. */
export function textsOf(list: XmlNode | undefined, name: string): readonly string[] {
  return itemsOf(list, name).map((item) => textOf(item) ?? "");
}

/**
 * Checks every list below `node`, known or not: Quantity is the number of Items, which may be left out
 * at 0 (BC cloudfront InconsistentQuantities).
 */
export function checkQuantities(node: XmlNode): void {
  const quantity = textOf(childOf(node, "Quantity"))?.trim();
  const count = childOf(node, "Items")?.children.length ?? 0;
  if (quantity !== undefined && quantity !== String(count)) throw inconsistent(node.name);
  for (const child of node.children) checkQuantities(child);
}

function inconsistent(name: string): ApiError {
  return new ApiError(
    400,
    "InconsistentQuantities",
    `The value of Quantity and the size of Items don't match in ${name}.`,
  );
}

function malformed(why: string): ApiError {
  return new ApiError(400, "MalformedXML", `The XML is not as this operation needs it: ${why}.`);
}
