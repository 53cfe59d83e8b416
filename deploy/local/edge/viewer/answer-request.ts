import type { IncomingMessage } from "node:http";
import { type AcceptedCodings, normalizeAcceptEncoding } from "../../../edge/compression.ts";
import { decide, type EdgeConfig } from "../../../edge/decide.ts";
import type { Clock } from "../../../ports.ts";
import { type Answer, answerFromErrorPage, answerFromObject } from "./answer.ts";
import type { CachedError } from "./cache-entry.ts";
import {
  badRequest,
  corsRefused,
  edgeError,
  missingKey,
  originFailure,
  redirect,
} from "./edge-answers.ts";
import type { Found, Lookup } from "./lookup.ts";
import { conditionsOf, findRejection, readTarget } from "./viewer-request.ts";

/**
 * The steps of one request in CloudFront's order: method and size, the site's rules, the cache and
 * the origin behind it, the error page, then conditions and ranges.
 */
export function createAnswerer(dependencies: {
  readonly lookup: Lookup;
  readonly clock: Pick<Clock, "now">;
  readonly config: EdgeConfig;
}): (request: IncomingMessage, requestId: string) => Promise<Answer> {
  const { lookup, clock, config } = dependencies;

  async function answer(request: IncomingMessage, requestId: string): Promise<Answer> {
    const rejection = findRejection(request);
    if (rejection !== undefined) {
      return { ...edgeError(rejection.status, rejection.message, requestId), close: true };
    }
    const target = readTarget(request.url ?? "");
    const decision = decide(target, config);
    switch (decision.kind) {
      case "redirect":
        return redirect(decision.to, decision.status);
      case "refuse":
        if (decision.reason !== "private") return badRequest(requestId);
        // The same way as for any missing page, so that nothing tells the two apart.
        return fromCache(request, requestId, { uri: target.uri, key: undefined });
      case "serve":
        return fromCache(request, requestId, decision);
    }
  }

  async function fromCache(
    request: IncomingMessage,
    requestId: string,
    target: { readonly uri: string; readonly key: string | undefined },
  ): Promise<Answer> {
    if (request.method === "OPTIONS") return corsRefused(requestId);
    const accepted = normalizeAcceptEncoding(
      request.headers["accept-encoding"]?.toString(),
      request.httpVersion,
    );
    const found = await lookup.find({ uri: target.uri, accepted }, target.key);
    const { entry, result } = found;
    const plain =
      entry.kind === "object"
        ? answerFromObject(entry, conditionsOf(request), result)
        : await answerFromError(entry.status, accepted, requestId);
    return withTimes(plain, found);
  }

  /** The error page is an object like any other, with its own place in the cache. */
  async function answerFromError(
    status: CachedError["status"],
    accepted: AcceptedCodings,
    requestId: string,
  ): Promise<Answer> {
    if (status === 502) return originFailure(requestId);
    const page = decide({ uri: config.errorPage.uri, query: "" }, config);
    if (page.kind !== "serve") return missingKey();
    const { entry } = await lookup.find({ uri: page.uri, accepted }, page.key);
    if (entry.kind === "object") return answerFromErrorPage(entry, status);
    return entry.status === 404 ? missingKey() : originFailure(requestId);
  }

  /** Date is when the origin answered; Age is told on hits only. */
  function withTimes(answer: Answer, { entry, result }: Found): Answer {
    const seconds = Math.floor((clock.now().getTime() - entry.storedAt) / 1000);
    return {
      ...answer,
      headers: {
        ...answer.headers,
        date: new Date(entry.storedAt).toUTCString(),
        ...(result === "Hit" ? { age: String(Math.max(0, seconds)) } : {}),
      },
    };
  }

  return answer;
}
