import { Resolver } from "node:dns/promises";
import { absolute, withoutDot, withParents } from "../core/domain/dns.ts";
import { SlipwayError } from "../core/errors.ts";
import type { NameLookup } from "../estate-ports.ts";

/**
 * Resolvers that see what the world sees; a company's own may give other answers to its own names.
 * `--resolver` names others.
 */
export const PUBLIC_RESOLVERS: readonly string[] = ["1.1.1.1", "8.8.8.8"];

const TIMEOUT_MS = 3_000;
const TRIES = 2;

/** No such name, or no record of that type. */
const NOTHING: ReadonlySet<string> = new Set(["ENODATA", "ENOTFOUND"]);
/** The resolver answers, and those who should know the name do not. */
const BROKEN = "ESERVFAIL";

/** DNS over Node's own resolver. `servers`: addresses, with a port where it is not 53. */
export function createNameLookup(servers: readonly string[] = PUBLIC_RESOLVERS): NameLookup {
  const resolver = createResolver(servers);
  const ask = async <Answer>(what: string, question: () => Promise<readonly Answer[]>) => {
    try {
      return await question();
    } catch (error) {
      if (NOTHING.has(codeOf(error))) return [];
      throw noAnswer(what, codeOf(error), servers);
    }
  };
  return {
    async delegation(name) {
      try {
        const found = await resolver.resolveNs(name);
        return { kind: "served", servers: found.map(withoutDot).sort() };
      } catch (error) {
        if (NOTHING.has(codeOf(error))) return { kind: "none" };
        if (codeOf(error) === BROKEN) return { kind: "broken" };
        throw noAnswer(`the name servers of ${name}`, codeOf(error), servers);
      }
    },

    async caa(name) {
      for (const parent of withParents(name)) {
        const found = await ask(`the CAA records of ${parent}`, () => resolver.resolveCaa(parent));
        if (found.length > 0) return found.flatMap(tagsOf);
      }
      return [];
    },

    async cname(name) {
      const [target] = await ask(`the CNAME of ${name}`, () =>
        resolver.resolveCname(absolute(name)),
      );
      return target === undefined ? undefined : withoutDot(target);
    },

    async addresses(name) {
      const [a, aaaa] = await Promise.all([
        ask(`the addresses of ${name}`, () => resolver.resolve4(name)),
        ask(`the addresses of ${name}`, () => resolver.resolve6(name)),
      ]);
      return { a, aaaa };
    },
  };
}

/** Node's resolver over these servers. Throws "usage" for an address that is none. */
export function createResolver(servers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  try {
    resolver.setServers([...servers]);
  } catch (error) {
    throw new SlipwayError(
      "usage",
      {
        what: `${servers.join(", ")} cannot be asked for names`,
        why: "a resolver is an IP address, with a port if it is not 53",
        next: "Give --resolver an address like 1.1.1.1 or [2606:4700:4700::1111]:53.",
      },
      { cause: error },
    );
  }
  return resolver;
}

/** Node gives one object for each record, with the tag as its field. */
function tagsOf(record: object): readonly { readonly tag: string; readonly value: string }[] {
  return Object.entries(record)
    .filter(([tag, value]) => tag !== "critical" && tag !== "type" && typeof value === "string")
    .map(([tag, value]) => ({ tag, value: String(value) }));
}

function noAnswer(what: string, code: string, servers: readonly string[]): SlipwayError {
  return new SlipwayError("cloud", {
    what: `DNS does not say ${what}`,
    why: `${servers.join(" and ")} gave no usable answer (${code})`,
    next: "Check the network; where it lets no DNS out, name the resolver that it has with --resolver.",
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
