import type { LookupAddress, LookupOptions } from "node:dns";
import type { Resolver } from "node:dns/promises";
import { type ClientRequest, get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { SlipwayError } from "../core/errors.ts";
import type { Probe, ProbeAnswer } from "../estate-ports.ts";
import { createResolver, PUBLIC_RESOLVERS } from "./name-lookup.ts";

const PATIENCE_MS = 15_000;
const MOST_BYTES = 64 * 1024;

export type ProbeOptions = {
  /** Who is asked for the names: this machine may remember that they led nowhere a minute ago. */
  readonly resolvers?: readonly string[] | undefined;
  /** Instead of 443 and 80, where the address names no port. */
  readonly ports?: { readonly https: number; readonly http: number } | undefined;
  /** A certificate authority to trust, as PEM, instead of the world's. */
  readonly authority?: string | undefined;
  readonly patience?: number | undefined;
};

/** Requests over Node's own HTTP client, each with a connection of its own. */
export function createProbe(options: ProbeOptions = {}): Probe {
  const { resolvers = PUBLIC_RESOLVERS, ports, authority, patience = PATIENCE_MS } = options;
  const lookup = lookupOver(createResolver(resolvers));
  return {
    async get(url) {
      const { protocol, hostname, host, port: named, pathname, search } = new URL(url);
      const isHttps = protocol === "https:";
      const usual = isHttps ? (ports?.https ?? 443) : (ports?.http ?? 80);
      const how = {
        hostname,
        port: named === "" ? usual : Number(named),
        path: `${pathname}${search}`,
        headers: { host, "user-agent": "slipway", accept: "text/html,*/*" },
        agent: false as const,
        lookup,
        signal: AbortSignal.timeout(patience),
        ...(authority === undefined ? {} : { ca: authority }),
      };
      try {
        return await new Promise<ProbeAnswer>((resolve, reject) => {
          const receive = (response: IncomingMessage) => collect(response).then(resolve, reject);
          const request: ClientRequest = isHttps ? httpsGet(how, receive) : httpGet(how, receive);
          request.once("error", reject);
        });
      } catch (error) {
        throw noAnswer(url, error);
      }
    },
  };
}

async function collect(response: IncomingMessage): Promise<ProbeAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST_BYTES) break;
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
  const body = Buffer.concat(chunks).subarray(0, MOST_BYTES).toString("utf8");
  return { status: response.statusCode ?? 0, headers, body };
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Node's `lookup` of a connection, over resolvers of our choice. */
function lookupOver(resolver: Resolver) {
  return (host: string, options: LookupOptions, callback: LookupCallback): void => {
    void resolveAll(resolver, host).then(
      (found) => {
        const [first] = found;
        if (options.all === true) callback(null, [...found]);
        else callback(null, first?.address ?? "", first?.family ?? 4);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

async function resolveAll(resolver: Resolver, host: string): Promise<readonly LookupAddress[]> {
  const [a, aaaa] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [
    ...(a.status === "fulfilled" ? a.value.map((address) => ({ address, family: 4 })) : []),
    ...(aaaa.status === "fulfilled" ? aaaa.value.map((address) => ({ address, family: 6 })) : []),
  ];
  if (found.length === 0 && a.status === "rejected") throw a.reason;
  return found;
}

function noAnswer(url: string, error: unknown): SlipwayError {
  const code = codeOf(error);
  return new SlipwayError(
    "cloud",
    { what: `${url} does not answer`, ...explain(code, error) },
    { cause: error },
  );
}

function explain(code: string, error: unknown): { readonly why: string; readonly next: string } {
  if (code === "ENOTFOUND" || code === "ENODATA") {
    return {
      why: `no record leads anywhere yet (${code})`,
      next: "A new record takes some minutes; run the same command again.",
    };
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      why: "the certificate that it shows is for other names",
      next: "The edges may still take in the change; run the same command again in some minutes.",
    };
  }
  if (/CERT|ISSUER|SIGNATURE|^ERR_TLS_|^EPROTO|^ERR_SSL_/.test(code)) {
    return {
      why: `its certificate is not to be trusted (${code})`,
      next: "See which server the name leads to, and whether something on the way opens TLS.",
    };
  }
  if (code === "ABORT_ERR" || code === "ETIMEDOUT" || code === "ETIMEOUT") {
    return {
      why: "there was no answer in time",
      next: "Check the network, then run the same command again.",
    };
  }
  const reason = code === "" && error instanceof Error ? error.message : code;
  return {
    why: `there was no answer (${reason})`,
    next: "See where the name leads, then run the same command again.",
  };
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
