import type { LockState } from "../../../core/lock.ts";
import type { PlanTotals } from "../../../core/plan.ts";
import type { ReleaseSummary } from "../../../core/results.ts";
import { type Html, html } from "./html.ts";
import type { ListedRelease, ReleaseHistory } from "./release-history.ts";
import { bytes, counted, grouped, moment } from "./wording.ts";

/** The releases on a time line, newest first, day by day; whoever deploys right now stands above. */
export function renderReleases(history: ReleaseHistory, now: Date): Html {
  const { releases, total, deploying } = history;
  if (releases.length === 0 && deploying === undefined) {
    return html`<p class="empty">Nothing was released yet. <code>slipway deploy</code> makes the first.</p>`;
  }
  const live = history.live.kind === "live" ? history.live.id : undefined;
  const hidden = total - releases.length;
  return html`${deploying && renderDeploying(deploying, now)}
${byDay(releases).map(
  ([day, ofDay]) => html`<h3 class="day">${day}</h3>
<ol class="line">${ofDay.map((listed) => renderListed(listed, { live, now }))}</ol>`,
)}
${hidden > 0 ? html`<p class="more">and ${counted(hidden, "earlier release")}</p>` : undefined}`;
}

type Context = { readonly live: string | undefined; readonly now: Date };

function renderListed(listed: ListedRelease, context: Context): Html {
  switch (listed.kind) {
    case "release":
      return renderRelease(listed.release, context);
    case "unreadable":
      return html`<li class="release" data-key="${listed.id}"><p class="release-id">${listed.id}</p>
<p class="note">Its record cannot be read.</p></li>`;
  }
}

function renderRelease(release: ReleaseSummary, { live, now }: Context): Html {
  const { id, time, provenance, rollbackTo, totals } = release;
  const isLive = id === live;
  const { commit, author, uncommitted } = provenance;
  return html`<li class="release${isLive ? " is-live" : ""}${rollbackTo === undefined ? "" : " is-rollback"}" data-key="${id}">
<p class="release-head"><code>${commit?.slice(0, 10) ?? "no commit"}</code>${uncommitted ? html` <span class="badge">uncommitted</span>` : undefined}${isLive ? html` <strong class="badge badge-live">live</strong>` : undefined}${rollbackTo === undefined ? undefined : html` <span class="badge badge-rollback">rollback</span>`} <span class="release-time">${time.slice(11, 16)} · ${moment(Date.parse(time), now.getTime())}</span></p>
${rollbackTo === undefined ? undefined : html`<p class="note">back to <span class="mono">${rollbackTo}</span></p>`}
<p class="release-size">${sizes(totals)} <span class="outcome">complete</span></p>
<p class="release-id"><span class="mono">${id}</span>${author === undefined ? undefined : html` · ${author}`}</p></li>`;
}

/** Bars on a logarithmic scale, so that one page and a thousand can be told apart. */
function sizes({ created, replaced, removed, bytes: sent }: PlanTotals): Html {
  const parts = [
    { name: "created", sign: "+", count: created },
    { name: "replaced", sign: "~", count: replaced },
    { name: "removed", sign: "−", count: removed },
  ];
  let x = 0;
  const bars = parts.map(({ name, count }) => {
    const width = count === 0 ? 0 : 4 + Math.round(7 * Math.log2(count + 1));
    const bar = html`<rect class="bar-${name}" x="${x}" y="0" width="${width}" height="8" rx="1"/>`;
    x += width === 0 ? 0 : width + 2;
    return bar;
  });
  const words = parts
    .filter(({ count }) => count > 0)
    .map(
      ({ name, sign, count }) =>
        html`<span class="count count-${name}"><span aria-hidden="true">${sign}</span>${grouped(count)}<span class="hidden"> ${name}</span></span> `,
    );
  const width = Math.max(1, x);
  return html`<svg class="size" viewBox="0 0 ${width} 8" width="${width}" height="8" aria-hidden="true">${bars}</svg> ${words.length === 0 ? "no file" : words}<span class="sent">${bytes(sent)} sent</span>`;
}

function renderDeploying({ kind, lock }: LockState, now: Date): Html {
  const said =
    kind === "held"
      ? html`<strong>A deploy is at work</strong>`
      : html`<strong>A deploy broke off</strong>; the next one finishes it`;
  return html`<p class="deploying is-${kind}">${said}: ${lock.owner}, ${moment(Date.parse(lock.since), now.getTime())}, ${counted(lock.intent.keys.length, "key")}.</p>`;
}

function byDay(releases: readonly ListedRelease[]): readonly [string, readonly ListedRelease[]][] {
  const days = new Map<string, ListedRelease[]>();
  for (const listed of releases) {
    const day = listed.kind === "release" ? dayOf(listed.release.time) : "Unknown day";
    days.set(day, [...(days.get(day) ?? []), listed]);
  }
  return [...days];
}

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" });

function dayOf(time: string): string {
  return DAY.format(new Date(time));
}
