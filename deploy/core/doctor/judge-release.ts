import type { LockState } from "../lock.ts";
import { bad, type Check, check, good, type Looked, warning } from "./check.ts";

/** The live release; undefined while there is none. */
export type LiveRelease = { readonly id: string; readonly files: number };

/** Stored objects held against the manifest. */
export type FileSample = {
  readonly looked: number;
  readonly files: number;
  readonly wrong: readonly { readonly key: string; readonly why: string }[];
};

export type ReleaseFacts = {
  readonly release: Looked<LiveRelease | undefined>;
  readonly files: Looked<FileSample>;
  readonly lock: Looked<LockState | undefined>;
};

const SHOWN = 3;

/** Whether the bucket holds what the last release left, and nobody left anything half done. */
export function judgeRelease({ release, files, lock }: ReleaseFacts): readonly Check[] {
  return [
    check("release", release, (live) =>
      live === undefined
        ? warning("nothing is released yet", "slipway build, then slipway deploy")
        : good(`${live.id}, ${live.files === 1 ? "one file" : `${live.files} files`}`),
    ),
    check("files", files, judgeFiles),
    check("lock", lock, judgeLock),
  ];
}

function judgeFiles({ looked, files, wrong }: FileSample) {
  if (wrong.length === 0) return good(`${looked} of ${files} were looked at`);
  const shown = wrong.slice(0, SHOWN).map(({ key, why }) => `${key} ${why}`);
  const more = wrong.length > SHOWN ? `, and ${wrong.length - SHOWN} more` : "";
  return bad(
    `of ${looked} that were looked at: ${shown.join(", ")}${more}`,
    "slipway deploy --verify looks at all of them and sends again what is not as it should be.",
  );
}

function judgeLock(state: LockState | undefined) {
  if (state === undefined) return good("nobody holds the lock");
  const { owner, since, intent } = state.lock;
  switch (state.kind) {
    case "held":
      return good(`${owner} has been deploying ${intent.release} since ${since}`);
    case "left-behind":
      return bad(
        `${owner} broke off ${intent.release}, begun ${since}`,
        "slipway deploy finishes it; slipway unlock shows who it was.",
      );
  }
}
