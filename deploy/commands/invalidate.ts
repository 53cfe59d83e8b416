import { changedBetween } from "../core/changed-since.ts";
import { SlipwayError } from "../core/errors.ts";
import { countWildcards } from "../core/fold-paths.ts";
import type { PathLimits } from "../core/fold-prices.ts";
import { fold, formsOf, fromPaths, type Invalidation, pathsOf } from "../core/invalidation.ts";
import { costOf } from "../core/invalidation-cost.ts";
import type { ObjectKey, UrlPath } from "../core/keys.ts";
import type { Manifest } from "../core/manifest.ts";
import type { InvalidateResult } from "../core/results.ts";
import { selectPaths } from "../core/select-paths.ts";
import { cdnOf, type InvalidationPorts, invalidate } from "./invalidation.ts";
import { type ReleasePorts, readRelease, releaseIds } from "./releases.ts";
import { readBase } from "./state.ts";

export type InvalidateOptions = {
  /** URL paths and globs as an operator types them; see `select-paths.ts`. */
  readonly paths: readonly string[];
  readonly all: boolean;
  /** The release to compare with the live one, or the beginning of its id. */
  readonly changedSince: string | undefined;
  readonly wait: boolean;
  /** Decide, and ask the CDN nothing. */
  readonly dryRun: boolean;
  /** Names the order to the CDN; no other order has the same. */
  readonly reference: string;
  readonly pathLimits: PathLimits;
};

export type InvalidatePorts = InvalidationPorts & ReleasePorts;

/** What an operator asks the CDN to forget, outside of any release. Writes nothing to the bucket. */
export async function invalidateOnRequest(
  options: InvalidateOptions,
  ports: InvalidatePorts,
): Promise<InvalidateResult> {
  const started = ports.clock.now();
  const invalidation = await decide(options, ports);
  const cdn = await cdnOf(ports.cdn);
  if (cdn === undefined) throw noDistribution();
  const decided = { invalidation, cost: costOf(invalidation) };
  if (invalidation.kind === "none") return { kind: "nothing-to-do", ...decided };
  if (options.dryRun) return { kind: "dry-run", ...decided };
  const { reference, wait } = options;
  const invalidations = await invalidate({ invalidation, reference, wait }, undefined, {
    ...ports,
    cdn,
  });
  const seconds = (ports.clock.now().getTime() - started.getTime()) / 1000;
  return { kind: "requested", ...decided, invalidations, seconds };
}

async function decide(options: InvalidateOptions, ports: InvalidatePorts): Promise<Invalidation> {
  const { paths, all, changedSince, pathLimits } = options;
  const ways = [all, changedSince !== undefined, paths.length > 0].filter(Boolean).length;
  if (ways > 1) {
    throw usage("more than one of paths, --all and --changed-since was given", "Give one of them.");
  }
  if (ways === 0) {
    const next = "Name paths (slipway invalidate / '/blog/*'), or use --changed-since or --all.";
    throw usage("no path was given", next);
  }
  if (changedSince?.trim() === "") {
    throw usage("the release that was given is empty", "Name it; slipway releases lists them.");
  }
  if (all) return { kind: "everything", because: "the operator asked for it" };
  const manifest = await liveManifest(ports);
  const live = liveKeys(manifest);
  const wanted =
    changedSince === undefined
      ? typedPaths(paths, live)
      : await pathsSince(changedSince, manifest, ports);
  // A wildcard that was typed is meant as it stands; only what was found is folded.
  const wildcards = Math.max(pathLimits.wildcards, countWildcards(wanted));
  return fold(fromPaths(wanted), () => live.flatMap(formsOf), { ...pathLimits, wildcards });
}

async function liveManifest(ports: InvalidatePorts): Promise<Manifest | undefined> {
  const base = await readBase(ports);
  return base.kind === "manifest" ? base.manifest : undefined;
}

function liveKeys(manifest: Manifest | undefined): readonly ObjectKey[] {
  if (manifest === undefined) return [];
  return [...manifest.files.keys(), ...manifest.obsolete.map(({ key }) => key)];
}

function typedPaths(typed: readonly string[], live: readonly ObjectKey[]): readonly UrlPath[] {
  const { paths, problems } = selectPaths(typed, live);
  if (problems.length === 0) return paths;
  throw usage(problems.join("; "), "Mend the paths; nothing was invalidated.");
}

async function pathsSince(
  wanted: string,
  live: Manifest | undefined,
  ports: InvalidatePorts,
): Promise<readonly UrlPath[]> {
  const ids = await releaseIds(ports);
  const [only, another] = ids.filter((id) => id.startsWith(wanted));
  if (live === undefined || only === undefined || another !== undefined) {
    throw noSuchRelease(wanted, ids, another === undefined ? "no" : "more than one");
  }
  const { manifest } = await readRelease(only, ports);
  return changedBetween(manifest, live).flatMap(pathsOf);
}

/** Releases named in an error, the newest ones. */
const SHOWN_RELEASES = 5;

function noSuchRelease(
  wanted: string,
  ids: readonly string[],
  matching: "no" | "more than one",
): SlipwayError {
  const newest = ids.slice(0, SHOWN_RELEASES).join(", ");
  return new SlipwayError("usage", {
    what: `${matching === "no" ? "No release begins" : "More than one release begins"} with ${JSON.stringify(wanted)}`,
    why: ids.length === 0 ? "nothing has been released yet" : `the newest are ${newest}`,
    next: "Name one of those; slipway releases lists more.",
  });
}

function usage(why: string, next: string): SlipwayError {
  return new SlipwayError("usage", { what: "These URLs cannot be invalidated", why, next });
}

function noDistribution(): SlipwayError {
  return new SlipwayError("config", {
    what: "This environment has no CDN to invalidate",
    why: "slipway.config.ts names no distribution for it",
    next: "Set distribution in that environment, or choose another one with --env.",
  });
}
