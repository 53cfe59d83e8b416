import type { ErrorResponse, LiveDistribution } from "../live-distribution.ts";
import { type Answer, dropAnswer } from "./answer.ts";
import { behaviorFor } from "./behavior-match.ts";
import type { EdgeRequest } from "./edge-request.ts";
import type { ContentWanted } from "./fetch-content.ts";
import { withoutHeaders } from "./header-map.ts";

/** An error page is whole, and deaf to conditions. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "range",
]);
/** What the page itself was answered with says nothing of the error. */
const NOT_OF_THE_PAGE: ReadonlySet<string> = new Set(["accept-ranges", "age", "date"]);

/**
 * Puts the configured page in place of an origin's error: found by its own path, through the behavior
 * of that path and the cache, but past its viewer-request function. Where the page itself fails, its
 * failure is the answer (CF-DG "Generate custom error responses").
 */
export async function withErrorPage(
  error: Answer,
  wanted: ContentWanted,
  fetchContent: (wanted: ContentWanted) => Promise<Answer>,
): Promise<Answer> {
  const page = pageFor(error, wanted.distribution);
  if (page === undefined) return error;
  dropAnswer(error);
  const request: EdgeRequest = {
    ...wanted.request,
    method: wanted.request.method === "HEAD" ? "HEAD" : "GET",
    uri: page.path,
    query: "",
    headers: withoutHeaders(wanted.request.headers, NOT_ASKED),
  };
  const behavior = behaviorFor(wanted.distribution, page.path);
  const answer = await fetchContent({ ...wanted, behavior, request });
  if (answer.status >= 400) return answer;
  const { age, date } = error.headers;
  return {
    ...answer,
    status: page.status,
    headers: {
      ...withoutHeaders(answer.headers, NOT_OF_THE_PAGE),
      ...(date === undefined ? {} : { date }),
      ...(age === undefined ? {} : { age }),
    },
    result: "Error",
  };
}

function pageFor({ status }: Answer, distribution: LiveDistribution): ErrorResponse["page"] {
  return status < 400 ? undefined : distribution.errorResponses.get(status)?.page;
}
