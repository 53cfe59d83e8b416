import { createServer, type IncomingMessage } from "node:http";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

/**
 * CloudFront's control plane by hand, for what moto leaves out or bends: functions, key value stores,
 * policies, ETags that are compared, and configurations that come back byte for byte.
 */
export type CloudFrontServer = {
  readonly url: string;
  /** "PUT /distribution/E1/config", in order. */
  readonly requests: readonly string[];
  /** The bodies of the same requests. */
  readonly bodies: readonly string[];
  readonly distributions: Map<string, ServedDistribution>;
  readonly tags: Map<string, string>;
  readonly accesses: Map<string, string>;
  readonly stores: Map<string, "PROVISIONING" | "READY">;
  readonly policies: Map<string, string>;
  readonly functions: Map<string, ServedFunction>;
  /** Answers a request in place of the server, or undefined. */
  intercept: (request: string, count: number) => Answer | "hang up" | undefined;
  close(): Promise<void>;
};

type ServedDistribution = { config: string; etag: number; status: string };
type ServedFunction = {
  config: string;
  code: string;
  etag: number;
  live: { code: string; config: string } | undefined;
};
type Answer = { readonly status: number; readonly body?: string; readonly etag?: string };
type Call = {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly match: string;
};

const API = "/2020-05-31";
const ACCOUNT = "123456789012";
const NS = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';

export async function startCloudFrontServer(): Promise<CloudFrontServer> {
  const requests: string[] = [];
  const bodies: string[] = [];
  const distributions = new Map<string, ServedDistribution>();
  const tags = new Map<string, string>();
  const accesses = new Map<string, string>();
  const stores = new Map<string, "PROVISIONING" | "READY">();
  const policies = new Map<string, string>();
  const functions = new Map<string, ServedFunction>();

  const served: CloudFrontServer = {
    url: "",
    requests,
    bodies,
    distributions,
    tags,
    accesses,
    stores,
    policies,
    functions,
    intercept: () => undefined,
    close: () => closeServer(server, 0),
  };

  const routes: Readonly<Record<string, (call: Call) => Answer>> = {
    "POST /distribution": ({ body }) => {
      const config = elementOf(body, "DistributionConfig");
      const reference = textOf(config, "CallerReference");
      const same = [...distributions].find(
        ([, one]) => textOf(one.config, "CallerReference") === reference,
      );
      if (same) {
        const words = `The caller reference that you are using to create a distribution is associated with another distribution. Already exists: ${same[0]}`;
        return failure(409, "DistributionAlreadyExists", words);
      }
      const id = `E${String(distributions.size + 1).padStart(8, "0")}`;
      distributions.set(id, { config, etag: 1, status: "InProgress" });
      tags.set(id, elementOf(body, "Tags"));
      return distribution(id, 201);
    },
    "GET /distribution": () => {
      const items = [...distributions].map(([id, { config }]) => {
        const part = (name: string) =>
          elementOf(config, name) || `<${name}><Quantity>0</Quantity></${name}>`;
        return `<DistributionSummary><Id>${id}</Id><ARN>${arn(`distribution/${id}`)}</ARN><Status>Deployed</Status><DomainName>${id.toLowerCase()}.cloudfront.net</DomainName>${part("Aliases")}${part("Origins")}<Comment>${textOf(config, "Comment")}</Comment><Enabled>true</Enabled></DistributionSummary>`;
      });
      return list("DistributionList", items);
    },
    "GET /distribution/:id": ({ id }) => {
      const answer = distribution(id, 200);
      const found = distributions.get(id);
      if (found !== undefined) found.status = "Deployed";
      return answer;
    },
    "GET /distribution/:id/config": ({ id }) => {
      const found = distributions.get(id);
      if (found === undefined) return failure(404, "NoSuchDistribution", "no such distribution");
      return { status: 200, etag: `E-${found.etag}`, body: found.config };
    },
    "PUT /distribution/:id/config": ({ id, body, match }) => {
      const found = distributions.get(id);
      if (found === undefined) return failure(404, "NoSuchDistribution", "no such distribution");
      if (match !== `E-${found.etag}`) return failure(412, "PreconditionFailed", "stale");
      found.config = elementOf(body, "DistributionConfig");
      found.etag += 1;
      found.status = "InProgress";
      return distribution(id, 200);
    },
    "GET /origin-access-control": () =>
      list(
        "OriginAccessControlList",
        [...accesses].map(
          ([id, config]) =>
            `<OriginAccessControlSummary><Id>${id}</Id>${inside(config)}</OriginAccessControlSummary>`,
        ),
      ),
    "POST /origin-access-control": ({ body }) => {
      const id = `OAC${accesses.size + 1}`;
      accesses.set(id, elementOf(body, "OriginAccessControlConfig"));
      return {
        status: 201,
        etag: "E-1",
        body: `<OriginAccessControl ${NS}><Id>${id}</Id>${accesses.get(id)}</OriginAccessControl>`,
      };
    },
    "GET /origin-access-control/:id": ({ id }) => ({
      status: 200,
      etag: "E-1",
      body: `<OriginAccessControl ${NS}><Id>${id}</Id>${accesses.get(id)}</OriginAccessControl>`,
    }),
    "PUT /origin-access-control/:id/config": ({ id, body }) => {
      accesses.set(id, elementOf(body, "OriginAccessControlConfig"));
      return {
        status: 200,
        etag: "E-2",
        body: `<OriginAccessControl ${NS}><Id>${id}</Id></OriginAccessControl>`,
      };
    },
    "GET /key-value-store/:id": ({ id }) => {
      const state = stores.get(id);
      if (state === undefined) return failure(404, "EntityNotFound", "no such store");
      stores.set(id, "READY");
      return store(id, "READY", 200);
    },
    "POST /key-value-store": ({ body }) => {
      const name = textOf(body, "Name");
      if (stores.has(name)) return failure(409, "EntityAlreadyExists", "taken");
      stores.set(name, "PROVISIONING");
      return store(name, "PROVISIONING", 201);
    },
    "GET /response-headers-policy": () =>
      list(
        "ResponseHeadersPolicyList",
        [...policies].map(
          ([id, config]) =>
            `<ResponseHeadersPolicySummary><Type>custom</Type><ResponseHeadersPolicy><Id>${id}</Id>${config}</ResponseHeadersPolicy></ResponseHeadersPolicySummary>`,
        ),
      ),
    "POST /response-headers-policy": ({ body }) => {
      const config = elementOf(body, "ResponseHeadersPolicyConfig");
      const taken = [...policies.values()].some(
        (one) => textOf(one, "Name") === textOf(config, "Name"),
      );
      if (taken) return failure(409, "ResponseHeadersPolicyAlreadyExists", "taken");
      const id = `policy-${policies.size + 1}`;
      policies.set(id, config);
      return {
        status: 201,
        etag: "E-1",
        body: `<ResponseHeadersPolicy ${NS}><Id>${id}</Id>${config}</ResponseHeadersPolicy>`,
      };
    },
    "GET /cache-policy": () =>
      list(
        "CachePolicyList",
        ["CachingOptimized", "CachingDisabled"].map((name) => managed("CachePolicy", name)),
      ),
    "GET /origin-request-policy": () =>
      list("OriginRequestPolicyList", [
        managed("OriginRequestPolicy", "AllViewerExceptHostHeader"),
      ]),
    "POST /function": ({ body }) => {
      const name = textOf(body, "Name");
      if (functions.has(name)) return failure(409, "FunctionAlreadyExists", "taken");
      functions.set(name, {
        config: elementOf(body, "FunctionConfig"),
        code: decoded(textOf(body, "FunctionCode")),
        etag: 1,
        live: undefined,
      });
      return functionSummary(name, "DEVELOPMENT", 201);
    },
    "GET /function/:id/describe": ({ id, query }) => functionSummary(id, stageOf(query), 200),
    "GET /function/:id": ({ id, query }) => {
      const found = functions.get(id);
      const code = stageOf(query) === "LIVE" ? found?.live?.code : found?.code;
      if (found === undefined || code === undefined)
        return failure(404, "NoSuchFunctionExists", "no such function");
      return { status: 200, etag: `E-${found.etag}`, body: code };
    },
    "PUT /function/:id": ({ id, body, match }) => {
      const found = functions.get(id);
      if (found === undefined) return failure(404, "NoSuchFunctionExists", "no such function");
      if (match !== `E-${found.etag}`) return failure(412, "PreconditionFailed", "stale");
      found.config = elementOf(body, "FunctionConfig");
      found.code = decoded(textOf(body, "FunctionCode"));
      found.etag += 1;
      return functionSummary(id, "DEVELOPMENT", 200);
    },
    "POST /function/:id/publish": ({ id, match }) => {
      const found = functions.get(id);
      if (found === undefined) return failure(404, "NoSuchFunctionExists", "no such function");
      if (match !== `E-${found.etag}`) return failure(412, "PreconditionFailed", "stale");
      found.live = { code: found.code, config: found.config };
      return functionSummary(id, "LIVE", 200);
    },
  };

  function distribution(id: string, status: number): Answer {
    const found = distributions.get(id);
    if (found === undefined) return failure(404, "NoSuchDistribution", "no such distribution");
    const body = `<Distribution ${NS}><Id>${id}</Id><ARN>${arn(`distribution/${id}`)}</ARN><Status>${found.status}</Status><DomainName>${id.toLowerCase()}.cloudfront.net</DomainName>${found.config}</Distribution>`;
    return { status, etag: `E-${found.etag}`, body };
  }

  function store(name: string, state: string, status: number): Answer {
    const body = `<KeyValueStore ${NS}><Name>${name}</Name><Id>${name}</Id><Comment/><ARN>${arn(`key-value-store/${name}`)}</ARN><Status>${state}</Status></KeyValueStore>`;
    return { status, etag: "E-1", body };
  }

  function functionSummary(name: string, stage: string, status: number): Answer {
    const found = functions.get(name);
    const config = stage === "LIVE" ? found?.live?.config : found?.config;
    if (found === undefined || config === undefined)
      return failure(404, "NoSuchFunctionExists", "no such function");
    const body = `<FunctionSummary ${NS}><Name>${name}</Name><Status>UNASSOCIATED</Status>${config}<FunctionMetadata><FunctionARN>${arn(`function/${name}`)}</FunctionARN><Stage>${stage}</Stage></FunctionMetadata></FunctionSummary>`;
    return { status, etag: `E-${found.etag}`, body };
  }

  const answer = async (request: IncomingMessage): Promise<Answer | "hang up"> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const [, kind = "", id = "", verb = ""] = pathname.slice(API.length).split("/");
    requests.push(`${request.method} ${pathname.slice(API.length)}`);
    bodies.push(Buffer.concat(chunks).toString());
    const instead = served.intercept(requests.at(-1) ?? "", requests.length);
    if (instead !== undefined) return instead;
    const pattern = [kind, id === "" ? "" : ":id", verb].filter(Boolean).join("/");
    const route = routes[`${request.method} /${pattern}`];
    const call = {
      id,
      query: searchParams,
      body: bodies.at(-1) ?? "",
      match: request.headers["if-match"] ?? "",
    };
    return route?.(call) ?? failure(501, "NotImplemented", `${request.method} ${pathname}`);
  };

  const server = createServer(async (request, response) => {
    const answered = await answer(request);
    if (answered === "hang up") return void request.socket.destroy();
    const { status, body = "", etag } = answered;
    // UpdateFunction's answer has the header `ETtag` (BC cloudfront UpdateFunctionResult).
    const name = request.method === "PUT" && request.url?.includes("/function/") ? "ettag" : "etag";
    const headers = { "content-type": "text/xml", ...(etag === undefined ? {} : { [name]: etag }) };
    response.writeHead(status, headers).end(body);
  });
  const url = await listenOnLoopback(server, 0);
  return Object.assign(served, { url });
}

function failure(status: number, code: string, words: string): Answer {
  const body = `<ErrorResponse ${NS}><Error><Type>Sender</Type><Code>${code}</Code><Message>${words}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
  return { status, body };
}

function list(name: string, items: readonly string[]): Answer {
  const inner = items.length === 0 ? "" : `<Items>${items.join("")}</Items>`;
  const body = `<${name} ${NS}><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>${items.length}</Quantity>${inner}</${name}>`;
  return { status: 200, body };
}

function managed(kind: string, name: string): string {
  return `<${kind}Summary><Type>managed</Type><${kind}><Id>managed-${name}</Id><${kind}Config><Name>Managed-${name}</Name></${kind}Config></${kind}></${kind}Summary>`;
}

function stageOf(query: URLSearchParams): string {
  return query.get("Stage") ?? "DEVELOPMENT";
}

function arn(what: string): string {
  return `arn:aws:cloudfront::${ACCOUNT}:${what}`;
}

/** The first element of this name, as it stands there. */
function elementOf(xml: string, name: string): string {
  return new RegExp(`<${name}(?: [^>]*)?>[\\s\\S]*?</${name}>`).exec(xml)?.[0] ?? "";
}

function inside(element: string): string {
  return element.replace(/^<[^>]*>/, "").replace(/<\/[^>]*>$/, "");
}

function textOf(xml: string, name: string): string {
  return inside(elementOf(xml, name));
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
