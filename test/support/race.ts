import { setImmediate } from "node:timers/promises";
import { type DeployOptions, type DeployPorts, deploy } from "../../deploy/commands/deploy.ts";
import { readBase, readLock } from "../../deploy/commands/state.ts";
import { unlock } from "../../deploy/commands/unlock.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { type Invalidation, pathsOf } from "../../deploy/core/invalidation.ts";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import { LOCK_KEY } from "../../deploy/core/lock.ts";
import type { Manifest } from "../../deploy/core/manifest.ts";
import { MANIFEST_KEY } from "../../deploy/core/release.ts";
import type { DeployResult } from "../../deploy/core/results.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { invalidationMatcher } from "../../deploy/edge/invalidation-match.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import type { Cdn, Clock, ObjectStore, StateStore } from "../../deploy/ports.ts";
import { createMemoryObjectStore } from "./memory-object-store.ts";
import { createRecordingCdn } from "./recording-cdn.ts";
import { Turnstile } from "./turnstile.ts";
import { createWorld, deployOptions } from "./world.ts";

/** A site whose every page names one asset. */
export type RacingSite = {
  readonly files: readonly SourceFile[];
  /** Digest of a page's content → the key that it names. */
  readonly names: ReadonlyMap<string, ObjectKey>;
  /** ISO 8601. */
  readonly committedAt: string;
};

export type Runner = {
  readonly site: RacingSite;
  /** How far its clock is from the others'. */
  readonly skewMs: number;
  /** Whether the others can see that its process has ended. */
  readonly isNear: boolean;
  /** How often it has to ask the CDN before an invalidation is completed. */
  readonly polls?: number;
  readonly options?: Partial<DeployOptions>;
};

/** How a runner's deploy ended; a killed one has none. */
export type Ending =
  | { readonly kind: "result"; readonly result: DeployResult }
  | { readonly kind: "error"; readonly error: unknown };

const START = Date.parse("2026-11-22T12:00:00.000Z");
/** More than any deploy of these sites does; then it hangs. */
const MOST_STEPS = 5000;

/**
 * Deploys onto one bucket with one edge in front, all in memory, where the test decides who does its
 * next step when. A call to the bucket or the CDN is two steps: on its way there, and on its way back.
 *
 * After each step it looks whether something holds that must always hold; `broken` is what did not.
 */
export class Race {
  readonly broken: string[] = [];
  readonly endings = new Map<string, Ending>();
  readonly #turnstile = new Turnstile();
  readonly #store = createMemoryObjectStore();
  readonly #cache = new Map<string, string>();
  readonly #dead = new Set<number>();
  readonly #hasWritten = new Set<string>();
  readonly #names = new Map<string, ObjectKey>();
  #now = START;
  #started = 0;
  #manifestEtag = "";
  #manifest: Manifest | undefined;

  /** Starts a deploy; it stands before its first step, the scan of its site. Gives its name. */
  async start(runner: Runner): Promise<string> {
    this.#started += 1;
    const pid = this.#started;
    const who = `runner ${pid}`;
    for (const [digest, key] of runner.site.names) this.#names.set(digest, key);
    const options = { ...deployOptions(), waitForLock: 0, ...runner.options };
    const ports = this.#portsOf(who, pid, runner);
    const stands = new Promise<void>((resolve) => {
      ports.files.scan = async () => {
        const turn = this.#turnstile.wait(who, "scan");
        resolve();
        await turn;
        return runner.site.files;
      };
    });
    void deploy(options, ports).then(
      (result) => this.endings.set(who, { kind: "result", result }),
      (error: unknown) => this.endings.set(who, { kind: "error", error }),
    );
    await stands;
    return who;
  }

  /** Lets somebody do its next steps, as many as it has, at most `steps`. `order` picks among them. */
  async run(who: string, steps: number, order = 0): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await setImmediate();
      const standing = this.#turnstile.waiting(who);
      const next = standing[order % Math.max(1, standing.length)];
      if (next === undefined) return;
      this.#now += 1;
      await this.#turnstile.letGo(next);
      await this.#look();
    }
  }

  /** Lets somebody go on until it stands before what the test names. */
  async runUntil(who: string, what: string): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step++) {
      await setImmediate();
      const standing = this.#turnstile.waiting(who);
      if (standing.some((one) => one.what === what)) return;
      if (standing.length === 0) throw new Error(`${who} ended before "${what}"`);
      await this.run(who, 1);
    }
  }

  /** Lets everybody come to an end, taking turns. */
  async finish(): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step++) {
      await setImmediate();
      const [next] = this.#turnstile.waiting();
      if (next === undefined) return;
      this.#now += 1;
      await this.#turnstile.letGo(next);
      await this.#look();
    }
    throw new Error("some deploy does not come to an end");
  }

  /** An operator breaks the lock, whoever has it. */
  async unlock(): Promise<void> {
    const { ports } = createWorld({ store: this.#store, state: this.#store.state });
    const clock = { ...ports.clock, now: () => new Date(this.#now) };
    await unlock({ ...ports, clock, confirm: async () => true });
  }

  /** The lock goes away, as when a removal arrives whose answer is lost. */
  async loseLock(): Promise<void> {
    const key = LOCK_KEY;
    await this.#store.state.remove(key, this.#store.objects.get(key)?.etag ?? "");
  }

  wait(seconds: number): void {
    this.#now += seconds * 1000;
  }

  /**
   * Kills a process. What it had sent may still arrive. One that lost its lock unaware is spared: what
   * it wrote too late and then took to its grave nobody can know.
   */
  async kill(who: string, { arrives }: { readonly arrives: boolean }): Promise<void> {
    if ((await this.#holder()) !== who && this.#hasWritten.has(who)) return;
    const standing = arrives ? this.#turnstile.waiting(who) : [];
    this.#dead.add(Number(who.replace("runner ", "")));
    for (const one of standing)
      if (!one.what.endsWith("answered")) await this.#turnstile.letGo(one);
    this.#turnstile.drop(who);
    await this.#look();
  }

  /** A visitor asks the edge for a page; what it answers once it answers until it is told to forget. */
  browse(key: string): void {
    for (const url of pathsOf(key as ObjectKey)) {
      if (!this.#cache.has(url)) this.#cache.set(url, this.#contentOf(key));
    }
  }

  /** What is live and should be, file by file: the bucket without Slipway's own. */
  content(): Readonly<Record<string, string>> {
    const own = [...this.#store.objects].filter(([key]) => !key.startsWith(".slipway/"));
    return Object.fromEntries(own.map(([key, { content }]) => [key, content]));
  }

  manifest(): Manifest | undefined {
    return this.#manifest;
  }

  async lock() {
    return (await readLock({ state: this.#store.state, codec: gzipCodec }))?.lock;
  }

  /**
   * What nobody would mend: a key that is not as the manifest says, or a URL that the edge holds an
   * old answer for, without a lock whose intent says so.
   */
  async unknownDamage(): Promise<readonly string[]> {
    const intent = (await this.lock())?.intent;
    const recorded = this.#manifest?.files ?? new Map<ObjectKey, never>();
    const live = this.content();
    const left = new Set((this.#manifest?.obsolete ?? []).map(({ key }) => key as string));
    const keys = new Set([...recorded.keys(), ...Object.keys(live)] as ObjectKey[]);
    const wrong = [...keys].filter((key) => {
      const recordedAs = recorded.get(key)?.fingerprint.content;
      return live[key] !== recordedAs && !(recordedAs === undefined && left.has(key));
    });
    const doubted = new Set(intent?.keys ?? []);
    const covers = matcherOf(intent?.invalidation ?? { kind: "none" });
    return [
      ...wrong.filter((key) => !doubted.has(key)).map((key) => `${key} is not as recorded`),
      ...this.staleUrls()
        .filter((url) => !covers(url))
        .map((url) => `${url} is stale`),
    ];
  }

  /** URLs for which the edge still answers what is no longer in the bucket. */
  staleUrls(): readonly string[] {
    return [...this.#cache].flatMap(([url, content]) => {
      const key = url.slice(1) + (url.endsWith("/") ? "index.html" : "");
      return content === this.#contentOf(key) ? [] : [url];
    });
  }

  #contentOf(key: string): string {
    return this.#store.objects.get(key)?.content ?? "not found";
  }

  #portsOf(who: string, pid: number, { site, skewMs, isNear, polls }: Runner): DeployPorts {
    const { committedAt } = site;
    const clock = this.#clockOf(who, skewMs);
    const { ports } = createWorld({
      store: this.#storeOf(who),
      state: this.#stateOf(who),
      cdn: this.#cdnOf(who, polls),
      clock,
      history: { provenance: async () => ({ commit: who, author: "Mira", committedAt }) },
      claimant: {
        holder: who,
        owner: who,
        ...(isNear ? { process: { machine: "here", pid } } : {}),
      },
      processes: { isGone: (process) => this.#dead.has(process.pid) },
    });
    return ports;
  }

  #clockOf(who: string, skewMs: number): Clock {
    return {
      now: () => new Date(this.#now + skewMs),
      sleep: async (milliseconds) => {
        const due = this.#now + milliseconds;
        await this.#turnstile.wait(who, "sleep");
        this.#now = Math.max(this.#now, due);
      },
    };
  }

  async #call<T>(who: string, what: string, effect: () => Promise<T>): Promise<T> {
    await this.#turnstile.wait(who, what);
    const answer = await effect();
    await this.#turnstile.wait(who, `${what} answered`);
    return answer;
  }

  /** A call that only the holder of the lock may begin. */
  async #write<T>(who: string, what: string, effect: () => Promise<T>): Promise<T> {
    this.#hasWritten.add(who);
    const { objects } = this.#store;
    const lock = objects.get(".slipway/lock.json");
    const holder = lock === undefined ? "nobody" : JSON.parse(gzipCodec.decode(lock.body)).holder;
    if (holder !== who) this.broken.push(`${who} begins "${what}" while ${holder} has the lock`);
    return await this.#call(who, what, effect);
  }

  #storeOf(who: string): ObjectStore {
    const store = this.#store;
    return {
      ...store,
      putFile: (file, proceed) =>
        this.#write(who, `put ${file.key}`, () => store.putFile(file, proceed)),
      replaceHeaders: (key, update, proceed) =>
        this.#write(who, `headers ${key}`, () => store.replaceHeaders(key, update, proceed)),
      remove: (keys) => this.#write(who, `remove ${keys.join(" ")}`, () => store.remove(keys)),
      list: (range) => this.#call(who, "list", () => store.list(range)),
    };
  }

  #stateOf(who: string): StateStore {
    const { state } = this.#store;
    return {
      read: (key, known) => this.#call(who, `read ${key}`, () => state.read(key, known)),
      write: (key, body, condition) => {
        const effect = () => state.write(key, body, condition);
        const isLock = key.endsWith("lock.json");
        const what = `write ${key.replace(/releases\/.*/, "releases/ID.json")}`;
        return isLock ? this.#call(who, what, effect) : this.#write(who, what, effect);
      },
      remove: (key, etag) => this.#call(who, `remove ${key}`, () => state.remove(key, etag)),
    };
  }

  /** The edge forgets at the earliest possible moment: what it fetches later may stay for a year. */
  #cdnOf(who: string, polls: number | undefined): Cdn {
    const cdn = createRecordingCdn([], polls);
    return {
      invalidate: (paths, reference) =>
        this.#call(who, "invalidate", () => {
          const covers = invalidationMatcher(paths);
          for (const url of [...this.#cache.keys()]) if (covers(url)) this.#cache.delete(url);
          return cdn.invalidate(paths, reference);
        }),
      invalidation: (id) => this.#call(who, "ask the CDN", () => cdn.invalidation(id)),
      inProgress: () => this.#call(who, "ask the CDN", () => cdn.inProgress()),
    };
  }

  async #holder(): Promise<string | undefined> {
    return (await this.lock())?.holder;
  }

  async #look(): Promise<void> {
    const live = this.content();
    const pages = [...Object.entries(live), ...this.#cache];
    for (const [where, content] of pages) {
      const asset = this.#names.get(content);
      if (asset !== undefined && !(asset in live)) this.broken.push(`${where} names no ${asset}`);
    }
    await this.#lookAtManifest();
  }

  /** Every release follows the one before it, and none is older than the one before. */
  async #lookAtManifest(): Promise<void> {
    const etag = this.#store.objects.get(MANIFEST_KEY)?.etag ?? "";
    if (etag === this.#manifestEtag) return;
    const base = await readBase({ state: this.#store.state, codec: gzipCodec });
    if (base.kind === "none") return;
    const { manifest } = base;
    const before = this.#manifest;
    this.#manifestEtag = etag;
    this.#manifest = manifest;
    if (before === undefined || before.release === manifest.release) return;
    if (manifest.sequence !== before.sequence + 1) {
      this.broken.push(`release ${manifest.sequence} follows ${before.sequence}`);
    }
    if ((manifest.provenance.committedAt ?? "") < (before.provenance.committedAt ?? "")) {
      this.broken.push(`${manifest.provenance.commit} overtakes ${before.provenance.commit}`);
    }
  }
}

/** What a deploy said when it ended with an error. */
export function failureOf(ending: Ending | undefined): SlipwayError {
  if (ending?.kind === "error" && ending.error instanceof SlipwayError) return ending.error;
  throw new Error(`no failure, but ${ending?.kind === "result" ? ending.result.kind : "nothing"}`);
}

function matcherOf(invalidation: Invalidation): (url: string) => boolean {
  switch (invalidation.kind) {
    case "none":
      return () => false;
    case "paths":
      return invalidationMatcher(invalidation.paths);
    case "everything":
      return () => true;
  }
}
