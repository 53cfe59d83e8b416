import { absolute, CLOUDFRONT_ZONE, type DnsRecord, type RecordChange, withoutDot } from "./dns.ts";

/** The way from a host's records as they are to aliases of the distribution. */
export type AddressChange = {
  readonly changes: readonly RecordChange[];
  /** Records of somebody else that would go away. */
  readonly replaced: readonly DnsRecord[];
  /** Records that are one of several (weighted, …): nobody but their author can say what becomes of them. */
  readonly routed: readonly DnsRecord[];
};

export type AddressWish = {
  readonly host: string;
  /** The distribution's own name. */
  readonly target: string;
  readonly ipv6: boolean;
};

/** A browser looks at these before it connects; a CNAME excludes all others. */
const IN_THE_WAY: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

/**
 * A and AAAA aliases of the host. What points at the distribution already stays, a CNAME too. A CNAME
 * in the way goes in the same batch: no record can stand beside it (BC route53 UPSERT).
 */
export function addressChange(found: readonly DnsRecord[], wish: AddressWish): AddressChange {
  const here = found.filter(
    ({ name, type }) => name === absolute(wish.host) && IN_THE_WAY.has(type),
  );
  const routed = here.filter(({ content }) => content.kind === "routed");
  if (routed.length > 0 || here.some((record) => isCnameTo(record, wish.target))) {
    return { changes: [], replaced: [], routed };
  }
  const types = wish.ipv6 ? ["A", "AAAA"] : ["A"];
  const foreign = here.filter((record) => !isAliasTo(record, wish.target));
  const gone = foreign.filter(({ type }) => !types.includes(type));
  const wanted = types
    .filter((type) => !here.some((one) => one.type === type && isAliasTo(one, wish.target)))
    .map((type): RecordChange => {
      // CREATE fails where somebody made a record since we looked; UPSERT would replace it unseen.
      const action = foreign.some((one) => one.type === type) ? "UPSERT" : "CREATE";
      return { action, record: aliasRecord(type, wish) };
    });
  const removals = gone.map((record): RecordChange => ({ action: "DELETE", record }));
  return { changes: [...removals, ...wanted], replaced: foreign, routed };
}

/** The removals that take a host away from the distribution; records that point elsewhere stay. */
export function addressRemoval(
  found: readonly DnsRecord[],
  { host, target }: Pick<AddressWish, "host" | "target">,
): readonly RecordChange[] {
  return found
    .filter(({ name }) => name === absolute(host))
    .filter((record) => isAliasTo(record, target) || isCnameTo(record, target))
    .map((record) => ({ action: "DELETE", record }));
}

function aliasRecord(type: string, { host, target }: AddressWish): DnsRecord {
  const content = { kind: "alias", target: absolute(target), zone: CLOUDFRONT_ZONE } as const;
  return { name: absolute(host), type, content };
}

function isAliasTo({ content }: DnsRecord, target: string): boolean {
  return content.kind === "alias" && withoutDot(content.target) === withoutDot(target);
}

function isCnameTo({ type, content }: DnsRecord, target: string): boolean {
  return (
    type === "CNAME" &&
    content.kind === "values" &&
    content.values.some((value) => withoutDot(value) === withoutDot(target))
  );
}

/** A record as people write it: `www.example.com A 192.0.2.1`. */
export function recordText({ name, type, content }: DnsRecord): string {
  return `${withoutDot(name)} ${type} ${contentText(content)}`;
}

function contentText(content: DnsRecord["content"]): string {
  switch (content.kind) {
    case "values":
      return content.values.join(" ");
    case "alias":
      return `alias of ${withoutDot(content.target)}`;
    case "routed":
      return `one of several (${content.setIdentifier})`;
  }
}
