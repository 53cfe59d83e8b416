import type { Behavior } from "../live-distribution.ts";
import type { Answer } from "./answer.ts";
import { edgeError } from "./edge-answers.ts";
import type { EdgeRequest } from "./edge-request.ts";
import { headerLine } from "./header-map.ts";
import type { Exchange } from "./send.ts";

/**
 * Holds a plain connection against the behavior's viewer protocol policy: on to https with 301, or 403
 * (BC cloudfront ViewerProtocolPolicy). No function runs for either. Where the edge listens nowhere for
 * https, plain connections stand for it.
 */
export function applyProtocolPolicy(
  { exchange, httpsPort }: { readonly exchange: Exchange; readonly httpsPort: number | undefined },
  { viewerProtocolPolicy }: Behavior,
  request: EdgeRequest,
): Answer | undefined {
  if (exchange.isSecure || httpsPort === undefined) return undefined;
  switch (viewerProtocolPolicy) {
    case "allow-all":
      return undefined;
    case "redirect-to-https":
      return toHttps(request, httpsPort);
    case "https-only":
      return edgeError(
        403,
        "This distribution is configured to allow HTTPS requests only.",
        exchange.requestId,
      );
  }
}

function toHttps({ uri, query, headers }: EdgeRequest, httpsPort: number): Answer {
  const host = (headerLine(headers, "host") ?? "localhost").replace(/:\d*$/, "");
  const port = httpsPort === 443 ? "" : `:${httpsPort}`;
  const target = query === "" ? uri : `${uri}?${query}`;
  const body = Buffer.from(
    "<html>\r\n<head><title>301 Moved Permanently</title></head>\r\n<body>\r\n" +
      "<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>CloudFront</center>\r\n" +
      "</body>\r\n</html>\r\n",
  );
  return {
    status: 301,
    headers: {
      location: `https://${host}${port}${target}`,
      server: "CloudFront",
      "content-type": "text/html",
      "content-length": String(body.length),
    },
    result: "Redirect",
    body: { kind: "bytes", chunks: [body] },
  };
}
