import pLimit from "p-limit";
import type { OutsideLink } from "./find-links.ts";
import type { Ignored } from "./ignored.ts";

export type Outcome =
  | { readonly kind: "fine" }
  /** Answers elsewhere, and says that it stays there. */
  | { readonly kind: "moved"; readonly to: string }
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "ignored"; readonly because: string };

export type LinkResult = OutsideLink & { readonly outcome: Outcome };
export type ExternalReport = { readonly results: readonly LinkResult[] };

export type CheckOptions = {
  readonly ignored: readonly Ignored[];
  /** Addresses asked at once, at all hosts together; of one host never more than one. Default 8. */
  readonly concurrency?: number;
  /** Milliseconds until a request is given up. Default 15,000. */
  readonly timeout?: number;
  /** Milliseconds before a second try, and between two requests to one host. Default 1,000. */
  readonly pause?: number;
};

type Limits = Required<Omit<CheckOptions, "ignored">>;

const TRIES = 3;
const MOST_REDIRECTS = 5;

/**
 * Asks each address once: HEAD, and GET where HEAD is not liked. What may pass (no answer, 429, 5xx) is
 * tried again, later each time or when the server says so. Results are in the order of the links.
 */
export async function checkLinks(
  links: readonly OutsideLink[],
  { ignored, concurrency = 8, timeout = 15_000, pause = 1_000 }: CheckOptions,
): Promise<ExternalReport> {
  const all = pLimit(concurrency);
  const hosts = new Map<string, ReturnType<typeof pLimit>>();
  const limits = { concurrency, timeout, pause };
  const results = links.map(async (link): Promise<LinkResult> => {
    const rule = ignored.find(({ prefix }) => link.url.startsWith(prefix));
    if (rule) return { ...link, outcome: { kind: "ignored", because: rule.because } };
    const { host } = new URL(link.url);
    const one = hosts.get(host) ?? pLimit(1);
    hosts.set(host, one);
    const outcome = await one(async () => {
      const answer = await all(() => askUntilSure(link.url, limits));
      await wait(Math.min(pause, 1_000));
      return answer;
    });
    return { ...link, outcome };
  });
  return { results: await Promise.all(results) };
}

/** Whether not one of several addresses has answered: then the links are not to blame. */
export function isOffline({ results }: ExternalReport): boolean {
  const asked = results.filter(({ outcome }) => outcome.kind !== "ignored");
  const hosts = new Set(asked.map(({ url }) => new URL(url).host));
  return (
    hosts.size > 1 &&
    asked.every(({ outcome }) => outcome.kind === "broken" && UNREACHED.test(outcome.why))
  );
}

async function askUntilSure(url: string, limits: Limits): Promise<Outcome> {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask(url, limits.timeout);
    if (answer.kind !== "passing") return answer;
    if (tried === TRIES) return { kind: "broken", why: `${answer.why}, ${TRIES} times` };
    await wait(Math.min(answer.after ?? limits.pause * 2 ** (tried - 1), limits.pause * 30));
  }
}

/** What may be otherwise in a moment; `after` in milliseconds, when the server says. */
type Passing = { readonly kind: "passing"; readonly why: string; readonly after?: number };

async function ask(url: string, timeout: number): Promise<Outcome | Passing> {
  try {
    const head = await follow(url, "HEAD", timeout);
    // Many servers know no HEAD, or answer it otherwise than GET.
    const answer =
      head.status >= 400 && head.status !== 429 ? await follow(url, "GET", timeout) : head;
    return judge(answer);
  } catch (error) {
    return { kind: "passing", why: whyNoAnswer(error) };
  }
}

type Answer = {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Where it was found; undefined when a redirect on the way is only for now. */
  readonly movedTo: string | undefined;
  readonly loops: boolean;
};

async function follow(url: string, method: "HEAD" | "GET", timeout: number): Promise<Answer> {
  let at = url;
  let isForGood = true;
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(at, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
      headers: { "user-agent": "slipway-link-check", accept: "*/*" },
    });
    await response.body?.cancel();
    const location = response.headers.get("location");
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
    if (!isRedirect || hops === MOST_REDIRECTS || !URL.canParse(location, at)) {
      const movedTo = isForGood && at !== url ? at : undefined;
      const retryAfter = response.headers.get("retry-after");
      return { status: response.status, retryAfter, movedTo, loops: isRedirect };
    }
    isForGood &&= response.status === 301 || response.status === 308;
    at = new URL(location, at).href;
  }
}

function judge({ status, retryAfter, movedTo, loops }: Answer): Outcome | Passing {
  if (loops) return { kind: "broken", why: `is redirected more than ${MOST_REDIRECTS} times` };
  if (status === 429 || status >= 500) {
    const seconds = Number(retryAfter);
    const after = retryAfter !== null && seconds >= 0 ? { after: seconds * 1000 } : {};
    return { kind: "passing", why: `answers ${status}`, ...after };
  }
  // The page is there, for people who have a right to it.
  if (status === 401 || status === 403) return { kind: "fine" };
  if (status >= 400) return { kind: "broken", why: `answers ${status}` };
  return movedTo === undefined ? { kind: "fine" } : { kind: "moved", to: movedTo };
}

const UNREACHED = /^(?:cannot be reached|does not answer in time)/;

function whyNoAnswer(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "does not answer in time";
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return `cannot be reached${code}`;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
