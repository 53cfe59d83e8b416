/** A distribution with the names that viewers reach it by, in lower case. */
export type NamedDistribution = { readonly id: string; readonly names: readonly string[] };

/**
 * Finds the distribution that a Host header means: by the whole name, then by the longest `*.` that it
 * ends with, at any depth (CF-DG "CNAMEs": the more specific alias wins). The port is ignored.
 */
export function createHostIndex(
  distributions: readonly NamedDistribution[],
): (host: string) => string | undefined {
  const byName = new Map(
    distributions.flatMap(({ id, names }) => names.map((name) => [name, id] as const)),
  );
  return (host) => {
    const name = host.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase();
    return byName.get(name) ?? wildcardsOf(name).flatMap((each) => byName.get(each) ?? [])[0];
  };
}

/** `*.b.example` and `*.example` for `a.b.example`: the most specific first. */
function wildcardsOf(name: string): readonly string[] {
  const labels = name.split(".");
  return labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join(".")}`);
}
