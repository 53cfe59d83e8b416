import { decodePath } from "./uri.ts";

/**
 * A query as CloudFront hands it to a function: an object from name to value, both as the viewer sent
 * them (CF-DG "CloudFront Functions event structure"). The order of different names among their
 * values is lost there, so no rule may depend on it.
 */
export type QueryParameters = Readonly<
  Record<
    string,
    {
      readonly value: string;
      /** All values, the first one too; only where a name comes more than once. */
      readonly multiValue?: readonly { readonly value: string }[];
    }
  >
>;

/** Reads what follows the first `?`. Names keep their case; a name without `=` has the value "". */
export function parseQueryString(raw: string): QueryParameters {
  const values = new Map<string, { readonly value: string }[]>();
  for (const pair of raw.split("&")) {
    if (pair === "") continue;
    const [name, value] = splitPair(pair);
    values.set(name, [...(values.get(name) ?? []), { value }]);
  }
  // Object.fromEntries, unlike an assignment, makes `__proto__` a name like any other.
  return Object.fromEntries(
    [...values].map(([name, all]) => [
      name,
      all.length === 1
        ? { value: all[0]?.value ?? "" }
        : { value: all[0]?.value ?? "", multiValue: all },
    ]),
  );
}

/**
 * The one spelling of a query that a redirect keeps: the names in the order in which an object has
 * them (first appearance, but whole numbers first), all values of a name together, always with `=`,
 * and escaped so that it can stand in a Location header. A query that is no Unicode is dropped.
 */
export function canonicalQuery(raw: string): string {
  const parameters = parseQueryString(raw);
  const pairs = Object.keys(parameters).flatMap((name) => {
    const parameter = parameters[name];
    if (parameter === undefined) return [];
    return (parameter.multiValue ?? [parameter]).map(({ value }) => `${name}=${value}`);
  });
  return encodeQuery(pairs.join("&"));
}

/** Escapes what may not stand in a query, and leaves the escapes that are there; "" if it is no Unicode. */
export function encodeQuery(query: string): string {
  return query.isWellFormed() ? encodeURI(query).replaceAll("%25", "%").replaceAll("#", "%23") : "";
}

/**
 * The first value of a decoded name, decoded; undefined where there is none or its escapes are
 * malformed. A plus is a plus: rules are compared with what a person reads in the address.
 */
export function queryValue(query: string, name: string): string | undefined {
  const pair = query.split("&").find((part) => part !== "" && nameOf(part) === name);
  return pair === undefined ? undefined : decodePath(splitPair(pair)[1]);
}

/** The query without the parameters of these decoded names, and without empty pairs. */
export function withoutNames(query: string, names: readonly string[]): string {
  const isLeftOut = (pair: string) => names.some((name) => nameOf(pair) === name);
  return query
    .split("&")
    .filter((pair) => pair !== "" && !isLeftOut(pair))
    .join("&");
}

function nameOf(pair: string): string | undefined {
  return decodePath(splitPair(pair)[0]);
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}
