import type { Notice } from "../core/notices.ts";
import type { Paint } from "./paint.ts";
import { count } from "./words.ts";

/** Named one by one before the rest is only counted; all of them are in the JSON document. */
const NAMED = 5;

/** What a person should know and no guard refuses. */
export function renderNotices(notices: readonly Notice[], paint: Paint): readonly string[] {
  return notices.flatMap((notice) => ["", ...renderNotice(notice, paint)]);
}

function renderNotice(notice: Notice, paint: Paint): readonly string[] {
  switch (notice.kind) {
    case "removed-urls":
      return named(
        `${count(notice.urls.length, "URL")} gone without a redirect`,
        notice.urls,
        paint,
      );
    case "broken-links": {
      const links = notice.links.map(({ path, from }) => `${path} (on ${from})`);
      return named(`${count(links.length, "link")} to nothing in the site`, links, paint);
    }
    case "edge-rules":
      return named(`${count(notice.rules.length, "edge rule")} worth a look`, notice.rules, paint);
  }
}

function named(title: string, items: readonly string[], paint: Paint): readonly string[] {
  const hidden = items.length - NAMED;
  return [
    `  ${paint.warn("Note")} ${title}`,
    ...items.slice(0, NAMED).map((item) => `    ${item}`),
    ...(hidden > 0 ? [paint.faint(`    … and ${hidden} more`)] : []),
  ];
}
