import type { ResponseHeadersPolicy } from "../live-distribution.ts";
import type { Answer } from "./answer.ts";
import { type HeaderMap, type HeaderValue, headerLine } from "./header-map.ts";

/** What the policy needs to know beyond the answer. */
export type PolicySituation = {
  /** The viewer's own headers. */
  readonly asked: HeaderMap;
  readonly requestId: string;
  readonly pop: string;
  /** From 0 to below 1; decides about Server-Timing. */
  readonly random: () => number;
  readonly now: () => Date;
};

/**
 * Headers are removed first, then set, each over the origin's own or not (CF-DG23 "Understand response
 * headers policies"). A Server or Date that was removed gives way to CloudFront's own.
 */
export function applyHeadersPolicy(
  answer: Answer,
  policy: ResponseHeadersPolicy | undefined,
  situation: PolicySituation,
): Answer {
  if (policy === undefined) return answer;
  const headers: Record<string, HeaderValue> = { ...answer.headers };
  for (const name of policy.remove) delete headers[name];
  if (policy.remove.includes("server")) headers.server = "CloudFront";
  if (policy.remove.includes("date")) headers.date = situation.now().toUTCString();
  for (const { name, value, override } of policy.set) {
    if (override || headers[name] === undefined) headers[name] = value;
  }
  if (wantsTiming(policy, situation)) {
    const origins = headerLine(headers, "server-timing");
    const own = timingOf(answer, situation);
    headers["server-timing"] = origins === undefined ? own : `${origins}, ${own}`;
  }
  return { ...answer, headers };
}

/** CF-DG "Server-Timing header": sampled, and always for who asks with `Pragma: server-timing`. */
function wantsTiming(policy: ResponseHeadersPolicy, { asked, random }: PolicySituation): boolean {
  if (/(^|[,\s])server-timing($|[,\s])/i.test(headerLine(asked, "pragma") ?? "")) return true;
  const percent = policy.serverTiming;
  return percent !== undefined && percent > 0 && random() * 100 < percent;
}

function timingOf({ result }: Answer, { pop, requestId }: PolicySituation): string {
  const place = `cdn-pop;desc="${pop}",cdn-rid;desc="${requestId}"`;
  switch (result) {
    case "Hit":
      return `cdn-cache-hit,${place},cdn-hit-layer;desc="EDGE"`;
    case "RefreshHit":
      return `cdn-cache-refresh,${place}`;
    case "Miss":
    case "Error":
    case "Redirect":
    case "FunctionGeneratedResponse":
    case "FunctionExecutionError":
    case "FunctionValidationError":
      return `cdn-cache-miss,${place}`;
  }
}
