import type { Clock } from "../../../ports.ts";
import type { LiveDistribution } from "../live-distribution.ts";
import type { Answer } from "./answer.ts";
import { behaviorFor } from "./behavior-match.ts";
import { edgeError } from "./edge-answers.ts";
import { type EdgeRequest, readRequest, withEscapedTarget } from "./edge-request.ts";
import { withErrorPage } from "./error-page.ts";
import type { ContentWanted } from "./fetch-content.ts";
import { applyHeadersPolicy } from "./headers-policy.ts";
import { applyProtocolPolicy } from "./protocol-policy.ts";
import type { EdgeIdentity, Exchange } from "./send.ts";
import { type FunctionReport, runViewerRequest, runViewerResponse } from "./viewer-functions.ts";
import { findRejection } from "./viewer-request.ts";

export type AnswerDependencies = {
  readonly live: (host: string | undefined) => LiveDistribution;
  readonly fetchContent: (wanted: ContentWanted) => Promise<Answer>;
  readonly clock: Pick<Clock, "now">;
  readonly identity: EdgeIdentity;
  readonly random: () => number;
  readonly httpsPort: () => number | undefined;
  readonly onFunction?: ((report: FunctionReport) => void) | undefined;
};

/**
 * The steps of one request in CloudFront's order: method, size and protocol; the viewer-request
 * function; the cache and the origin behind it; the error page; the headers policy; the
 * viewer-response function. One value of the distribution goes through all of them.
 */
export function createAnswerer(
  dependencies: AnswerDependencies,
): (exchange: Exchange) => Promise<Answer> {
  const { live, fetchContent, onFunction } = dependencies;

  return async (exchange) => {
    const distribution = live(exchange.request.headers.host);
    const received = readRequest(exchange);
    const behavior = behaviorFor(distribution, received.uri);
    const { requestId } = exchange;

    const rejection = findRejection(exchange.request, distribution, behavior);
    if (rejection !== undefined) {
      return { ...edgeError(rejection.status, rejection.message, requestId), close: true };
    }
    const httpsPort = dependencies.httpsPort();
    const protocol = applyProtocolPolicy({ exchange, httpsPort }, behavior, received);
    if (protocol !== undefined) return protocol;

    const turn = { exchange, distribution, behavior, onFunction };
    const after = await runViewerRequest(turn, received);
    if (after.kind === "answer") return after.answer;

    const request = withRootObject(withEscapedTarget(after.request), distribution);
    const wanted = { distribution, behavior, request, exchange };
    const content = await fetchContent(wanted);
    const shown = await withErrorPage(content, wanted, fetchContent);
    const dressed = applyHeadersPolicy(shown, behavior.headersPolicy, {
      asked: received.headers,
      requestId,
      pop: dependencies.identity.pop,
      random: dependencies.random,
      now: () => dependencies.clock.now(),
    });
    return content.status >= 400 ? dressed : runViewerResponse(turn, after.event, dressed);
  };
}

/** Of `/` alone, not of other folders (CF-DG "Specify a default root object"). */
function withRootObject(
  request: EdgeRequest,
  { defaultRootObject }: LiveDistribution,
): EdgeRequest {
  if (request.uri !== "/" || defaultRootObject === "") return request;
  return { ...request, uri: `/${defaultRootObject}` };
}
