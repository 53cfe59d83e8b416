import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

export type BucketDocuments = { readonly url: string; close(): Promise<void> };

const MISSING: Readonly<Record<string, string>> = {
  policy: "NoSuchBucketPolicy",
  lifecycle: "NoSuchLifecycleConfiguration",
};

/**
 * moto's S3, but for two documents of a bucket, which it keeps itself as they came. moto takes an Allow
 * with a condition for a refusal of everybody else, so a bucket with CloudFront's statement could not
 * be read any more; and it forgets NewerNoncurrentVersions.
 */
export async function startBucketDocuments(moto: string): Promise<BucketDocuments> {
  const kept = new Map<string, Buffer>();
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(asked.url ?? "", moto);
    const kind = Object.keys(MISSING).find((name) => searchParams.has(name));
    if (kind === undefined) return await pass(asked, body, response);
    // The SDK asks for /bucket/?policy, the AWS CLI for /bucket?policy.
    const place = `${pathname.replace(/\/$/, "")} ${kind}`;
    if (asked.method === "PUT") {
      kept.set(place, body);
      return void response.end();
    }
    const none = `<Error><Code>${MISSING[kind]}</Code><Message>none</Message></Error>`;
    const found = kept.get(place);
    response.writeHead(found === undefined ? 404 : 200).end(found ?? none);
  });

  async function pass(from: IncomingMessage, body: Buffer, to: ServerResponse): Promise<void> {
    const { host, port } = new URL(moto);
    const headers = { ...from.headers, host };
    const onward = request({
      host: "127.0.0.1",
      port,
      method: from.method,
      path: from.url,
      headers,
    });
    onward.on("response", (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on("error", () => to.destroy());
    onward.end(body);
  }

  const url = await listenOnLoopback(server, 0);
  return { url, close: () => closeServer(server, 0) };
}
