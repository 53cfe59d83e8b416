import { type Html, html } from "./html.ts";
import type { LiveRelease, ReleaseHistory } from "./release-history.ts";
import { ratioText, renderSparkline } from "./render-traffic.ts";
import type { WatchedInvalidation } from "./sources.ts";
import { countRequests, type TrafficSnapshot } from "./traffic-log.ts";
import { bytes, counted, grouped, moment } from "./wording.ts";

export type GlanceParts = {
  readonly history: ReleaseHistory | undefined;
  readonly traffic: TrafficSnapshot;
  readonly invalidations: readonly WatchedInvalidation[];
  readonly now: Date;
};

/** The four numbers that are looked at first. */
export function renderGlance({ history, traffic, invalidations, now }: GlanceParts): Html {
  const running = invalidations.filter(({ status }) => status === "InProgress").length;
  const lastMinute = traffic.perSecond.reduce((sum, each) => sum + each, 0);
  return html`${tile("Live release", renderLive(history, now))}
${tile("Hit ratio", html`<p class="big">${ratioText(traffic.totals)}</p><p class="note">${counted(countRequests(traffic.totals), "request")}, counted from ${moment(traffic.since, now.getTime())}</p>`)}
${tile("Requests", html`<p class="big">${grouped(lastMinute)} <span class="unit">in a minute</span></p>${renderSparkline(traffic.perSecond)}`)}
${tile("Invalidations", html`<p class="big${running > 0 ? " is-running" : ""}">${grouped(running)} <span class="unit">in progress</span></p><p class="note">${lastCompleted(invalidations, now)}</p>`)}`;
}

function tile(title: string, content: Html): Html {
  return html`<div class="tile"><h2>${title}</h2>${content}</div>`;
}

function renderLive(history: ReleaseHistory | undefined, now: Date): Html {
  const live: LiveRelease = history?.live ?? { kind: "unreadable" };
  switch (live.kind) {
    case "none":
      return html`<p class="big">none</p><p class="note">Nothing was released yet.</p>`;
    case "unreadable":
      return html`<p class="big">unknown</p><p class="note">The manifest cannot be read.</p>`;
    case "live":
      return renderLiveRelease(live, history, now);
  }
}

function renderLiveRelease(
  live: Extract<LiveRelease, { readonly kind: "live" }>,
  history: ReleaseHistory | undefined,
  now: Date,
): Html {
  const listed = history?.releases.find(
    (each) => each.kind === "release" && each.release.id === live.id,
  );
  const release = listed?.kind === "release" ? listed.release : undefined;
  const name = release?.provenance.commit?.slice(0, 10) ?? live.id.slice(-8);
  const when = release && moment(Date.parse(release.time), now.getTime());
  return html`<p class="big mono">${name}</p><p class="note">${counted(live.files, "file")}, ${bytes(live.bytes)}${when && html`, ${when}`}</p>`;
}

function lastCompleted(invalidations: readonly WatchedInvalidation[], now: Date): Html {
  const last = invalidations.find(({ status }) => status === "Completed");
  if (last === undefined) return html`none completed yet`;
  return html`last one ${moment(last.createdAt, now.getTime())}, ${counted(last.paths.length, "path")}`;
}
