import type {
  Activity,
  BuildResult,
  ChangeOutcome,
  DeployResult,
  InvalidationReceipt,
  ReleasesResult,
  StatusResult,
  UnlockResult,
} from "../core/results.ts";
import { type Traffic, totalTraffic } from "../core/traffic.ts";
import type { Paint } from "./paint.ts";
import { bytes, count, seconds } from "./words.ts";

/** Failures shown one by one before the rest is only counted. */
const SHOWN_FAILURES = 5;

export function renderBuild(result: BuildResult): readonly string[] {
  const { output, pages, files } = result;
  const what = `${count(pages, "page")}, ${count(files, "file")} to publish`;
  return [`Ready in ${output}: ${what}, ${seconds(result.seconds)}`];
}

/** What a deploy or a rollback came to, below the plan that was shown before. */
export function renderDeploy(
  result: DeployResult,
  paint: Paint,
  wanted: "what was built" | "what that release held" = "what was built",
): readonly string[] {
  switch (result.kind) {
    case "nothing-to-do":
      return [paint.good(`Nothing to do: what is live is ${wanted}.`)];
    case "refused":
      return ["Nothing was written."];
    case "declined":
      return ["Nothing was written."];
    case "released":
      return [
        `${paint.good("Released")} ${result.release.id} in ${seconds(result.seconds)}`,
        ...result.invalidations.map(renderReceipt),
      ];
    case "partial":
      return renderPartial(result.outcomes, paint);
  }
}

function renderPartial(outcomes: readonly ChangeOutcome[], paint: Paint): readonly string[] {
  const done = outcomes.filter(({ outcome }) => outcome.kind === "done").length;
  const unreached = outcomes.filter(({ outcome }) => outcome.kind === "not-reached").length;
  const failures = outcomes.flatMap(({ key, outcome }) =>
    outcome.kind === "failed" ? [{ key, error: outcome.error }] : [],
  );
  const hidden = failures.length - SHOWN_FAILURES;
  return [
    `${paint.bad("Not released")}: ${count(done, "change")} done, ${failures.length} failed, ${unreached} not reached`,
    ...failures
      .slice(0, SHOWN_FAILURES)
      .flatMap(({ key, error }) => [
        `  ${paint.bad("✗")} ${key}: ${error.why}`,
        `    next: ${error.next}`,
      ]),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
    "Run the same command again: it continues where this one stopped.",
  ];
}

/** What a run cost. */
export function renderTraffic(traffic: Traffic): string {
  const { requests, bytesSent } = totalTraffic(traffic);
  return `${count(requests, "request")}, ${bytes(bytesSent)} sent`;
}

export function renderReceipt(receipt: InvalidationReceipt): string {
  const state = receipt.state === "completed" ? "completed" : "in progress at the CDN";
  return `Invalidation ${receipt.id} of ${subject(receipt)}: ${state}`;
}

function subject({ invalidation }: InvalidationReceipt): string {
  switch (invalidation.kind) {
    case "none":
      return "nothing";
    case "paths":
      return count(invalidation.paths.length, "path");
    case "everything":
      return "everything";
  }
}

export function renderStatus(result: StatusResult, paint: Paint): readonly string[] {
  const activity = renderActivity(result.activity, paint);
  if (result.kind === "never-released") {
    return ["Nothing is live yet.", "next: slipway build, then slipway deploy", ...activity];
  }
  const { release } = result;
  const { commit, author, uncommitted } = release.provenance;
  const changed = uncommitted === true ? " with uncommitted changes" : "";
  const row = (name: string, value: string) => `  ${paint.faint(name.padEnd(8))} ${value}`;
  return [
    `${paint.good("Live")} ${release.id}`,
    row("site", release.site),
    row("since", release.time),
    ...(commit === undefined ? [] : [row("commit", `${commit}${changed}`)]),
    ...(author === undefined ? [] : [row("author", author)]),
    row("holds", `${count(result.files, "file")}, ${bytes(result.bytes)}`),
    ...(result.obsolete === 0
      ? []
      : [row("keeps", `${count(result.obsolete, "file")} of earlier releases`)]),
    ...activity,
  ];
}

function renderActivity(activity: Activity, paint: Paint): readonly string[] {
  switch (activity.kind) {
    case "idle":
      return [];
    case "deploying":
      return [`${paint.warn("Deploying")} ${activity.owner} since ${activity.since}`];
    case "unfinished":
      return [
        `${paint.warn("Unfinished")} ${activity.release} by ${activity.owner}, begun ${activity.since}`,
        "next: slipway deploy finishes it",
      ];
  }
}

/** One line a release, newest first. */
export function renderReleases(result: ReleasesResult, paint: Paint): readonly string[] {
  if (result.releases.length === 0) return ["Nothing has been released yet."];
  const rows = result.releases.map((release) => {
    const { provenance, pages, rollbackTo } = release;
    const commit = provenance.commit?.slice(0, 10) ?? "-";
    const what = rollbackTo === undefined ? "" : `  back to ${rollbackTo}`;
    const line = `${release.id}  ${commit.padEnd(10)}  ${String(pages).padStart(5)}  ${provenance.author ?? "-"}${what}`;
    return `${release.live ? paint.good("live") : "    "}  ${line}`;
  });
  const hidden = result.total - result.releases.length;
  const head = paint.faint(`      ${"release".padEnd(28)}  ${"commit".padEnd(10)}  pages  author`);
  return [head, ...rows, ...(hidden > 0 ? [paint.faint(`… and ${hidden} older`)] : [])];
}

export function renderUnlock(result: UnlockResult): readonly string[] {
  switch (result.kind) {
    case "not-locked":
      return ["Nobody holds the lock."];
    case "left-behind":
      return [
        `${result.lock.owner} broke off ${result.lock.intent.release}; nobody holds the lock any more.`,
        "next: slipway deploy finishes it",
      ];
    case "broken":
      return [
        `The lock of ${result.lock.owner} is broken.`,
        "next: slipway deploy finishes what it began",
      ];
    case "declined":
      return ["The lock stays."];
    case "moved":
      return ["The lock changed in the same moment: its holder is alive. Nothing was broken."];
  }
}
