import picomatch from "picomatch";
import { compareKeys, type ObjectKey } from "../keys.ts";
import { keyAnswering } from "../reach.ts";
import type { Targets } from "./collect.ts";

/** A path, with its first slash, that nothing answers, and one file that names it. */
export type Missing = { readonly path: string; readonly from: ObjectKey };

export type Present = {
  /** Every file of the site. */
  readonly keys: ReadonlySet<string>;
  /** Globs over keys: what something else answers. */
  readonly elsewhere: readonly string[];
};

/** The targets that no file of the site answers, sorted by path. */
export function findMissing(targets: Targets, { keys, elsewhere }: Present): readonly Missing[] {
  const isElsewhere = elsewhere.map((glob) => picomatch(glob, { dot: true }));
  return [...targets]
    .filter(([path]) => !keys.has(keyAnswering(path) ?? ""))
    .filter(([path]) => !isElsewhere.some((matches) => matches(path)))
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([path, from]) => ({ path: `/${path}`, from }));
}
