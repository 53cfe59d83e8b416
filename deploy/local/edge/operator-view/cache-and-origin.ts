import { normalizeAcceptEncoding } from "../../../edge/compression.ts";
import { objectTtl } from "../../../edge/freshness.ts";
import { decodePath } from "../../../edge/uri.ts";
import type { Behavior, LiveDistribution } from "../live-distribution.ts";
import type { OriginObject } from "../origin.ts";
import { behaviorFor } from "../viewer/behavior-match.ts";
import type { Question } from "./question.ts";
import type { Rewritten } from "./request-function.ts";
import type { CachePlace, DryRunSources, Remembered } from "./sources.ts";
import type { Fact, KnownAnswer, Leg, Step } from "./steps.ts";
import { headersForViewers } from "./viewer-headers.ts";
import { bytes, span } from "./wording.ts";

/** `original`: the status the origin gave, before an error page stood in. */
export type Found = { readonly answer: KnownAnswer; readonly original: number };

type Inquiry = {
  readonly question: Question;
  readonly rewritten: Rewritten;
  readonly behavior: Behavior;
  readonly live: LiveDistribution;
};

/** Looks where the request would be looked up: in the cache, in the bucket, at the error page. */
export async function askCacheAndOrigin(
  inquiry: Inquiry,
  sources: DryRunSources,
): Promise<Leg<Found>> {
  const { behavior, rewritten } = inquiry;
  const { origin } = behavior;
  if (origin.kind === "custom") {
    const { uri, query } = rewritten.applied;
    const url = `${origin.url}${origin.path}${uri}${query === "" ? "" : `?${query}`}`;
    const says = `It goes to ${origin.url}. A dry run does not ask there, because that could change something.`;
    return {
      steps: [{ title: "Origin", says, tone: "ends", facts: [{ name: "url", value: url }] }],
      result: { kind: "ended", answer: { kind: "origin-decides", url } },
    };
  }
  const { method } = inquiry.question;
  if (method !== "GET" && method !== "HEAD") {
    const says = `The bucket answers ${method} from viewers with 403; the cache is not asked.`;
    const step: Step = { title: "Object in the bucket", says, tone: "minds", facts: [] };
    return await askErrorPage({ inquiry, steps: [step], original: 403 });
  }
  const place = placeOf(inquiry);
  const remembered = sources.memory.peek(place);
  const now = sources.clock.now().getTime();
  const object = await objectAt(place.uri, behavior);
  const variant = { accepted: place.accepted, compress: behavior.compress };
  const steps = [
    cacheStep(place, { remembered, object, now }),
    objectStep(place.uri, { object, behavior, now }),
  ];
  const isFresh = remembered !== undefined && isServed(remembered, now);
  const original = isFresh ? remembered.status : statusAt(place.uri, { object, behavior });
  if (original >= 400) return await askErrorPage({ inquiry, steps, original });
  const headers =
    isFresh && remembered.object !== undefined
      ? remembered.object.headers
      : object === undefined
        ? {}
        : headersForViewers(object, variant);
  const cache = `${isFresh ? "Hit" : resultWhenAsked(remembered, object)} from cloudfront`;
  const answer = { kind: "known", status: original, cache, headers } as const;
  return { steps, result: { kind: "next", next: { answer, original } } };
}

/** Fresh, or served while the origin is asked in the background. */
function isServed({ expiresAt, revalidatingUntil }: Remembered, now: number): boolean {
  return now < Math.max(expiresAt, revalidatingUntil);
}

type Looked = { readonly object: OriginObject | undefined; readonly behavior: Behavior };

/** As S3 says it: a path that is not UTF-8 names no key. */
function statusAt(uri: string, { object, behavior }: Looked): number {
  if (object !== undefined) return 200;
  return keyAt(uri, behavior.origin.path) === undefined ? 400 : 404;
}

/** An unchanged object is confirmed by the origin, any other one is fetched. */
function resultWhenAsked(
  remembered: Remembered | undefined,
  object: OriginObject | undefined,
): "RefreshHit" | "Miss" {
  const known = remembered?.object?.originEtag;
  return known !== undefined && known === object?.etag ? "RefreshHit" : "Miss";
}

function placeOf({ rewritten, behavior, live }: Inquiry): CachePlace {
  const { cachePolicy } = behavior;
  const { uri, query } = rewritten.applied;
  const header = rewritten.request.headers["accept-encoding"]?.value;
  return {
    uri: uri === "/" ? `/${live.defaultRootObject}` : uri,
    query: cachePolicy.query ? query : "",
    accepted: normalizeAcceptEncoding(header, "1.1", cachePolicy),
  };
}

async function objectAt(uri: string, { origin }: Behavior): Promise<OriginObject | undefined> {
  if (origin.kind !== "bucket") return undefined;
  const key = keyAt(uri, origin.path);
  return key === undefined || key === "" ? undefined : await origin.bucket.get(key);
}

function keyAt(uri: string, path: string): string | undefined {
  return decodePath(`${path}${uri}`)?.slice(1);
}

type Sight = {
  readonly remembered: Remembered | undefined;
  readonly object: OriginObject | undefined;
  readonly now: number;
};

function cacheStep(place: CachePlace, sight: Sight): Step {
  const query = place.query === "" ? "" : `?${place.query}`;
  const key = { name: "key", value: `${place.uri}${query}` };
  const facts: readonly Fact[] = [
    key,
    { name: "variant", value: place.accepted || "uncompressed" },
  ];
  const title = "Cache";
  const { remembered, now } = sight;
  if (remembered === undefined) {
    return {
      title,
      says: "Nothing is remembered under this key: the origin is asked.",
      tone: "goes-on",
      facts,
    };
  }
  const times = [
    { name: "age", value: span(now - remembered.storedAt) },
    { name: "remembered status", value: String(remembered.status) },
  ];
  const left = remembered.expiresAt - now;
  if (left <= 0 && isServed(remembered, now)) {
    const says = "A stale copy is served at once, while the origin is asked for the next viewer.";
    return { title, says, tone: "goes-on", facts: [...facts, ...times] };
  }
  if (left <= 0) {
    const says =
      "A copy is remembered, but it is stale: the origin is asked whether it still holds.";
    return { title, says, tone: "goes-on", facts: [...facts, ...times] };
  }
  if (isOutdated(sight)) {
    const says = `Served from the cache for ${span(left)} more, although the bucket holds something else: an invalidation would show it.`;
    return { title, says, tone: "minds", facts: [...facts, ...times] };
  }
  const says = `A fresh copy is remembered, for ${span(left)} more: the origin is not asked.`;
  return { title, says, tone: "goes-on", facts: [...facts, ...times] };
}

function isOutdated({ remembered, object }: Sight): boolean {
  return remembered?.object?.originEtag !== object?.etag;
}

function objectStep(uri: string, { object, behavior, now }: Looked & Pick<Sight, "now">): Step {
  const title = "Object in the bucket";
  const key = keyAt(uri, behavior.origin.path) ?? uri;
  if (object === undefined) {
    const status = statusAt(uri, { object, behavior });
    const says = `There is none under this key: the bucket says ${status}.`;
    return { title, says, tone: "minds", facts: [{ name: "key", value: key }] };
  }
  const { "cache-control": cacheControl, expires } = object.headers;
  const ttl = objectTtl({ cacheControl, expires }, behavior.cachePolicy, now);
  const headers = Object.entries(object.headers).map(([name, value]) => ({ name, value }));
  return {
    title,
    says: `${bytes(object.size)}, kept by the edge for ${span(ttl * 1000)} once fetched.`,
    tone: "goes-on",
    facts: [
      { name: "key", value: key },
      { name: "size", value: `${object.size} bytes` },
      { name: "etag", value: object.etag },
      { name: "last-modified", value: object.lastModified.toUTCString() },
      ...headers,
    ],
  };
}

async function askErrorPage(missed: {
  readonly inquiry: Inquiry;
  readonly steps: readonly Step[];
  readonly original: number;
}): Promise<Leg<Found>> {
  const { inquiry, original } = missed;
  const { live, question } = inquiry;
  const page = live.errorResponses.get(original)?.page;
  const cache = "Error from cloudfront";
  const title = "Error page";
  const bare: Found = { answer: { kind: "known", status: original, cache, headers: {} }, original };
  if (page === undefined) {
    const says = `None is set for ${original}: the origin's own words are shown.`;
    const step: Step = { title, says, tone: "goes-on", facts: [] };
    return { steps: [...missed.steps, step], result: { kind: "next", next: bare } };
  }
  const facts = [{ name: "page", value: page.path }];
  const behavior = behaviorFor(live, page.path);
  const object = await objectAt(page.path, behavior);
  if (object === undefined) {
    const says = `${page.path} is not in the bucket, and that is the answer: 404.`;
    const step: Step = { title, says, tone: "minds", facts };
    const answer = { ...bare.answer, status: 404 };
    return { steps: [...missed.steps, step], result: { kind: "next", next: { answer, original } } };
  }
  const accepted = normalizeAcceptEncoding(question.acceptEncoding, "1.1", behavior.cachePolicy);
  const variant = { accepted, compress: behavior.compress };
  const { "accept-ranges": _, ...headers } = headersForViewers(object, variant);
  const says = `${page.path} is shown, with status ${page.status}.`;
  const step: Step = { title, says, tone: "goes-on", facts };
  const answer = { kind: "known", status: page.status, cache, headers } as const;
  return { steps: [...missed.steps, step], result: { kind: "next", next: { answer, original } } };
}
