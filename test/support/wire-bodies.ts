import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";

/** Has every request of the client carry a text that the SDK would not write, before `place`. */
export function smuggle(client: CloudFrontClient, text: string, place: string): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body?: string; headers: Record<string, string> };
      if (request.body !== undefined) {
        request.body = request.body.replace(place, `${text}${place}`);
        request.headers["content-length"] = String(Buffer.byteLength(request.body));
      }
      return next(args);
    },
    { step: "build", name: "smuggle", priority: "low" },
  );
}

/** The bodies that answer the client's requests from here on, as they came. */
export function listen(client: CloudFrontClient): readonly string[] {
  const texts: string[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      const response = output.response as { body: AsyncIterable<Uint8Array> };
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(chunk);
      texts.push(Buffer.concat(chunks).toString());
      return { ...output, response: { ...response, body: Buffer.concat(chunks) } };
    },
    { step: "deserialize", name: "listen", priority: "low" },
  );
  return texts;
}
