import { type Html, html } from "./html.ts";
import {
  countRequests,
  hitRatio,
  type PathTraffic,
  type TrafficCounts,
  type TrafficSnapshot,
} from "./traffic-log.ts";
import { counted, grouped, moment, span } from "./wording.ts";

const MOST_ROWS = 40;

/** How requests were answered, path by path, the most recently asked for first. */
export function renderTraffic(traffic: TrafficSnapshot, now: Date): Html {
  if (traffic.paths.length === 0) {
    return html`<p class="empty">No request yet. Open <a href="/">the site</a>, and watch it arrive here.</p>`;
  }
  const shown = traffic.paths.slice(0, MOST_ROWS);
  const unseen = traffic.paths.length - shown.length;
  return html`${renderShares(traffic.totals)}
<table class="paths">
<caption class="hidden">Requests by path, the most recent first</caption>
<thead><tr><th scope="col">Path</th><th scope="col" class="n">Hits</th><th scope="col" class="n">Misses</th><th scope="col" class="n wide"><abbr title="refreshed: the origin said that the copy still holds">Refr.</abbr></th><th scope="col" class="n wide"><abbr title="answered by a function, or by the edge itself">Func.</abbr></th><th scope="col" class="n">Errors</th><th scope="col" class="n">Status</th><th scope="col" class="n wide">Age</th><th scope="col" class="n wide">Last</th></tr></thead>
<tbody>${shown.map((path) => renderPath(path, now))}</tbody>
</table>
${unseen > 0 ? html`<p class="more">and ${counted(unseen, "path")} asked for earlier</p>` : undefined}
${traffic.others.paths > 0 ? html`<p class="more">${counted(countRequests(traffic.others), "request")} of paths that are no longer told apart</p>` : undefined}`;
}

function renderPath(path: PathTraffic, now: Date): Html {
  const { hits, misses, refreshed, generated, errors, lastStatus, lastAge, lastAt } = path;
  const age = lastAge === undefined ? "–" : span(lastAge * 1000);
  const method =
    path.lastMethod === "GET" ? undefined : html` <span class="badge">${path.lastMethod}</span>`;
  return html`<tr data-key="${path.path}" data-flash="${countRequests(path)}"><th scope="row" class="mono"><span class="path">${path.path}${method}</span></th>${number(hits, "hits")}${number(misses, "misses")}${number(refreshed, "wide")}${number(generated, "wide")}${number(errors, "errors")}<td class="n status-${Math.floor(lastStatus / 100)}">${lastStatus}</td><td class="n wide">${age}</td><td class="n wide">${moment(lastAt, now.getTime())}</td></tr>
`;
}

function number(count: number, name: string): Html {
  return html`<td class="n ${name}${count === 0 ? " is-zero" : ""}">${grouped(count)}</td>`;
}

const KINDS = [
  { name: "hits", title: "hits" },
  { name: "refreshed", title: "refreshed" },
  { name: "misses", title: "misses" },
  { name: "generated", title: "by functions" },
  { name: "errors", title: "errors" },
] as const;

const WIDTH = 600;

/** One bar, cut into how requests were answered; the legend says the same in numbers. */
function renderShares(totals: TrafficCounts): Html {
  const all = Math.max(1, countRequests(totals));
  let x = 0;
  const bars = KINDS.map(({ name }) => {
    const width = Math.round((totals[name] / all) * WIDTH * 10) / 10;
    const bar = html`<rect class="share-${name}" x="${x}" y="0" width="${width}" height="10"/>`;
    x = Math.round((x + width) * 10) / 10;
    return bar;
  });
  return html`<svg class="shares" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
<ul class="legend">${KINDS.map(({ name, title }) => html`<li class="legend-${name}"><span class="number">${grouped(totals[name])}</span> ${title}</li> `)}</ul>`;
}

/** Requests in each of the last 60 seconds, a bar each. */
export function renderSparkline(perSecond: readonly number[]): Html {
  const highest = Math.max(...perSecond, 1);
  const running = perSecond.at(-1) ?? 0;
  const total = perSecond.reduce((sum, each) => sum + each, 0);
  const label = `Requests in each of the last ${perSecond.length} seconds: ${total} in all, at most ${Math.max(...perSecond, 0)} in one`;
  const bars = perSecond.map((count, index) => {
    const height = count === 0 ? 1 : Math.max(2, Math.round((count / highest) * 40));
    const isNow = index === perSecond.length - 1 && running > 0;
    return html`<rect class="${count === 0 ? "rest" : isNow ? "now" : "beat"}" x="${index * 4}" y="${40 - height}" width="3" height="${height}"/>`;
  });
  return html`<svg class="spark" viewBox="0 0 ${perSecond.length * 4} 40" preserveAspectRatio="none" role="img" aria-label="${label}">${bars}</svg>`;
}

/** `97.3 %`, or a dash before the first request. */
export function ratioText(totals: TrafficCounts): string {
  const ratio = hitRatio(totals);
  return ratio === undefined ? "–" : `${(ratio * 100).toFixed(1)} %`;
}
