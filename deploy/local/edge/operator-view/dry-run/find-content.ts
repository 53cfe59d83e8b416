import { normalizeAcceptEncoding } from "../../../../edge/compression.ts";
import { objectTtl } from "../../../../edge/freshness.ts";
import type { Behavior, LiveDistribution } from "../../live-distribution.ts";
import type { CachePlace, DryRunSources } from "../sources.ts";
import { bytes, span } from "../wording.ts";
import { askErrorPage } from "./error-page.ts";
import { type Look, lookAt, placeText } from "./look.ts";
import type { Question } from "./question.ts";
import type { Rewritten } from "./request-function.ts";
import type { Fact, KnownAnswer, Leg, Step } from "./steps.ts";

/** `original`: the status the origin gave, before an error page stood in. */
export type Found = { readonly answer: KnownAnswer; readonly original: number };

type Inquiry = {
  readonly question: Question;
  readonly rewritten: Rewritten;
  readonly behavior: Behavior;
  readonly live: LiveDistribution;
};

/** Looks where the request would be looked up: in the cache, in the bucket, at the error page. */
export async function findContent(inquiry: Inquiry, sources: DryRunSources): Promise<Leg<Found>> {
  const { behavior, question, rewritten } = inquiry;
  if (behavior.origin.kind === "custom") return leaveToOrigin(behavior.origin, rewritten);
  if (question.method !== "GET" && question.method !== "HEAD") {
    const says = `The bucket answers ${question.method} from viewers with 403; the cache is not asked.`;
    const step: Step = { title: OBJECT, says, tone: "minds", facts: [] };
    return await withErrorPage(403, [step], { inquiry, sources });
  }
  const look = await lookAt(placeOf(inquiry), behavior, sources);
  const steps = [cacheStep(look), objectStep(look)];
  const { status, headers } = look;
  if (status >= 400) return await withErrorPage(status, steps, { inquiry, sources });
  const cache = `${resultOf(look)} from cloudfront`;
  const answer = { kind: "known", status, cache, headers } as const;
  return { steps, result: { kind: "next", next: { answer, original: status } } };
}

function leaveToOrigin(
  { url: base, path }: Extract<Behavior["origin"], { readonly kind: "custom" }>,
  { applied: { uri, query } }: Rewritten,
): Leg<never> {
  const url = `${base}${path}${uri}${query === "" ? "" : `?${query}`}`;
  const says = `It goes to ${base}. A dry run does not ask there, because that could change something.`;
  return {
    steps: [{ title: "Origin", says, tone: "ends", facts: [{ name: "url", value: url }] }],
    result: { kind: "ended", answer: { kind: "origin-decides", url } },
  };
}

async function withErrorPage(
  original: number,
  steps: readonly Step[],
  { inquiry, sources }: { readonly inquiry: Inquiry; readonly sources: DryRunSources },
): Promise<Leg<Found>> {
  const { step, answer } = await askErrorPage(original, inquiry, sources);
  return { steps: [...steps, step], result: { kind: "next", next: { answer, original } } };
}

function placeOf({ rewritten, behavior, live }: Inquiry): CachePlace {
  const { cachePolicy } = behavior;
  const { uri, query } = rewritten.applied;
  const header = rewritten.request.headers["accept-encoding"]?.value;
  return {
    distribution: live.id,
    uri: uri === "/" ? `/${live.defaultRootObject}` : uri,
    query: cachePolicy.query ? query : "",
    accepted: normalizeAcceptEncoding(header, "1.1", cachePolicy),
  };
}

/** An unchanged object is confirmed by the origin, any other one is fetched. */
function resultOf({ isHit, remembered, object }: Look): "Hit" | "RefreshHit" | "Miss" {
  if (isHit) return "Hit";
  const known = remembered?.object?.originEtag;
  return known !== undefined && known === object?.etag ? "RefreshHit" : "Miss";
}

function cacheStep(look: Look): Step {
  const { place, remembered, now } = look;
  const key: readonly Fact[] = [
    { name: "key", value: placeText(place) },
    { name: "variant", value: place.accepted || "uncompressed" },
  ];
  const title = "Cache";
  if (remembered === undefined) {
    const says = "Nothing is remembered under this key: the origin is asked.";
    return { title, says, tone: "goes-on", facts: key };
  }
  const facts = [
    ...key,
    { name: "age", value: span(now - remembered.storedAt) },
    { name: "remembered status", value: String(remembered.status) },
  ];
  const left = remembered.expiresAt - now;
  if (!look.isHit) {
    const says =
      "A copy is remembered, but it is stale: the origin is asked whether it still holds.";
    return { title, says, tone: "goes-on", facts };
  }
  if (left <= 0) {
    const says = "A stale copy is served at once, while the origin is asked for the next viewer.";
    return { title, says, tone: "goes-on", facts };
  }
  if (remembered.object?.originEtag !== look.object?.etag) {
    const says = `Served from the cache for ${span(left)} more, although the bucket holds something else: an invalidation would show it.`;
    return { title, says, tone: "minds", facts };
  }
  const says = `A fresh copy is remembered, for ${span(left)} more: the origin is not asked.`;
  return { title, says, tone: "goes-on", facts };
}

const OBJECT = "Object in the bucket";

function objectStep({ object, key, place, behavior, now }: Look): Step {
  const name = { name: "key", value: key ?? place.uri };
  if (object === undefined) {
    const says =
      key === undefined
        ? "The path is not UTF-8 and so no key: the bucket says 400."
        : "There is none under this key: the bucket says 404.";
    return { title: OBJECT, says, tone: "minds", facts: [name] };
  }
  const { "cache-control": cacheControl, expires } = object.headers;
  const ttl = objectTtl({ cacheControl, expires }, behavior.cachePolicy, now);
  const headers = Object.entries(object.headers).map(([each, value]) => ({ name: each, value }));
  return {
    title: OBJECT,
    says: `${bytes(object.size)}, kept by the edge for ${span(ttl * 1000)} once fetched.`,
    tone: "goes-on",
    facts: [
      name,
      { name: "size", value: `${object.size} bytes` },
      { name: "etag", value: object.etag },
      { name: "last-modified", value: object.lastModified.toUTCString() },
      ...headers,
    ],
  };
}
