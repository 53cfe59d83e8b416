import { type Html, html } from "./html.ts";
import type { KeyList, LatestChanges } from "./latest-changes.ts";
import type { ReleaseHistory } from "./release-history.ts";
import { renderPaths } from "./render-invalidations.ts";
import type { WatchedInvalidation } from "./sources.ts";
import { counted, grouped } from "./wording.ts";

/** What the live release changed of the one before, and what it had the edge forget. */
export function renderChanges(
  { live }: ReleaseHistory,
  invalidations: readonly WatchedInvalidation[],
): Html {
  switch (live.kind) {
    case "none":
      return html`<p class="empty">There is no release to compare.</p>`;
    case "unreadable":
      return html`<p class="note">The manifest cannot be read. <code>slipway status</code> says why.</p>`;
    case "live":
      return html`${renderKeys(live.changes)}
${renderForgotten(live.id, invalidations)}`;
  }
}

function renderKeys(changes: LatestChanges): Html {
  const { created, replaced, headers, removed, since, obsolete } = changes;
  const lists = [
    { name: "created", title: "Created", list: created },
    { name: "replaced", title: "Replaced", list: replaced },
    { name: "headers", title: "New headers, same content", list: headers },
    { name: "removed", title: "Removed", list: removed },
  ].filter(({ list }) => list.count > 0);
  const first =
    since === "first"
      ? html`<p class="note">There is no earlier release to compare with.</p>`
      : undefined;
  const kept =
    obsolete > 0
      ? html`<p class="note">${counted(obsolete, "object")} of earlier releases stay in the bucket for a while.</p>`
      : undefined;
  if (lists.length === 0) return html`${first}<p class="empty">No file differs.</p>${kept}`;
  return html`${first}${lists.map(renderList)}${kept}`;
}

function renderList({
  name,
  title,
  list,
}: {
  readonly name: string;
  readonly title: string;
  readonly list: KeyList;
}): Html {
  const hidden = list.count - list.keys.length;
  const items = list.keys.map((key) => html`<li>${key}</li>`);
  return html`<details class="keys keys-${name}" data-key="${name}"${list.count <= OPEN_UP_TO ? html` open` : undefined}>
<summary><span>${title}</span> <span class="number">${grouped(list.count)}</span></summary>
<ul class="mono">${items}${hidden > 0 ? html`<li class="more">and ${grouped(hidden)} more</li>` : undefined}</ul></details>`;
}

const OPEN_UP_TO = 6;

/** A deploy names its invalidations after its release. */
function renderForgotten(id: string, invalidations: readonly WatchedInvalidation[]): Html {
  const own = invalidations.filter(({ callerReference }) => callerReference.startsWith(`${id}-`));
  const paths = own.flatMap((invalidation) => invalidation.paths);
  if (paths.length === 0) return html`<p class="note">It had nothing to invalidate.</p>`;
  return html`<details class="keys keys-forgotten" data-key="forgotten"${paths.length <= OPEN_UP_TO ? html` open` : undefined}>
<summary><span>Invalidated</span> <span class="number">${grouped(paths.length)}</span></summary>
${renderPaths(paths)}</details>`;
}
