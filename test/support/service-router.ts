import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

/** One request as it was passed on. */
export type RoutedRequest = {
  readonly service: string;
  readonly method: string;
  /** `CertificateManager.ListCertificates`: every request of a JSON service is a POST. */
  readonly target: string | undefined;
};

export type ServiceRouter = {
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: RoutedRequest[];
  close(): Promise<void>;
};

/**
 * One address for all of AWS: each request goes on to the server of the service that it was signed for,
 * byte for byte and under the Host that was signed. One for a service that nobody plays is answered 501.
 */
export async function startServiceRouter(
  servers: Readonly<Record<string, string>>,
): Promise<ServiceRouter> {
  const agent = new Agent({ keepAlive: false });
  const requests: RoutedRequest[] = [];
  const server = createServer((incoming, response) => {
    const service = serviceOf(incoming);
    const operation = incoming.headers["x-amz-target"];
    requests.push({ service, method: incoming.method ?? "", target: operation?.toString() });
    const target = servers[service];
    if (target === undefined) {
      incoming.resume();
      response.writeHead(501).end(`nobody plays "${service}"`);
      return;
    }
    passOn({ incoming, response }, target, agent);
  });
  const url = await listenOnLoopback(server, 0);
  return {
    url,
    requests,
    async close() {
      agent.destroy();
      await closeServer(server);
    },
  };
}

/** From `Credential=KEY/20261122/us-east-1/s3/aws4_request`; a scope of SigV4A has no region. */
function serviceOf({ headers }: IncomingMessage): string {
  const [, service = ""] =
    /Credential=[^,\s]*\/([^/,]+)\/aws4_request/.exec(headers.authorization ?? "") ?? [];
  return service;
}

function passOn(
  { incoming, response }: { readonly incoming: IncomingMessage; readonly response: ServerResponse },
  target: string,
  agent: Agent,
): void {
  const { hostname, port } = new URL(target);
  const { method, url: path, rawHeaders: headers } = incoming;
  const outgoing = request({ hostname, port, method, path, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    pipeline(answer, response).catch(() => response.destroy());
  });
  // A client whose connection ends asks again, as it would of AWS.
  pipeline(incoming, outgoing).catch(() => response.destroy());
  outgoing.once("error", () => response.destroy());
}
