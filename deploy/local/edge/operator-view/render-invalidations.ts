import { type Html, html } from "./html.ts";
import type { WatchedInvalidation } from "./sources.ts";
import { counted, grouped, moment } from "./wording.ts";

const MOST_COMPLETED = 8;
const MOST_PATHS = 50;

/** Those in progress, then the latest completed ones. */
export function renderInvalidations(
  invalidations: readonly WatchedInvalidation[],
  now: Date,
): Html {
  if (invalidations.length === 0) {
    return html`<p class="empty">None was asked for yet.</p>`;
  }
  const running = invalidations.filter(({ status }) => status === "InProgress");
  const completed = invalidations.filter(({ status }) => status === "Completed");
  const hidden = completed.length - MOST_COMPLETED;
  return html`<ul class="invalidations">
${[...running, ...completed.slice(0, MOST_COMPLETED)].map((each) => renderOne(each, now))}
</ul>
${hidden > 0 ? html`<p class="more">and ${counted(hidden, "earlier one")}</p>` : undefined}`;
}

function renderOne(invalidation: WatchedInvalidation, now: Date): Html {
  const { id, status, paths, createdAt } = invalidation;
  const isRunning = status === "InProgress";
  const [only] = paths;
  const what = paths.length === 1 && only !== undefined ? only : counted(paths.length, "path");
  return html`<li class="invalidation${isRunning ? " is-running" : ""}" data-key="${id}"><details>
<summary><span class="state">${isRunning ? "In progress" : "Completed"}</span> <span class="mono what">${what}</span> <span class="when">${moment(createdAt, now.getTime())}</span></summary>
<p class="note mono">${id}</p>
${renderPaths(paths)}</details></li>`;
}

export function renderPaths(paths: readonly string[]): Html {
  const hidden = paths.length - MOST_PATHS;
  return html`<ul class="mono">${paths.slice(0, MOST_PATHS).map((path) => html`<li>${path}</li>`)}${
    hidden > 0 ? html`<li class="more">and ${grouped(hidden)} more</li>` : undefined
  }</ul>`;
}
