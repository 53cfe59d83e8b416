import { PUBLISHED_URLS } from "../../../site/lib/checks/published-urls.ts";
import type { Group } from "./row.ts";

const LIST = [
  "# Addresses that this site has published.",
  "/about/",
  "/blog/frist/",
  "/blog/later/",
  "/blog/taken-down-at-last/",
  "/blog/unfinished/",
  "blog/no-slash/",
].join("\n");

const files = { [PUBLISHED_URLS]: LIST };

const TO_DO =
  "Name it in the aliases of the page that took its place, or write a rule in site/rules/_redirects, with 410 if it is gone for good.";

/** Addresses that were published and that nothing answers any more. */
export const ADDRESS_GROUPS: readonly Group[] = [
  {
    title: "Addresses that were published",
    rows: [
      {
        what: "a page that is gone",
        files,
        says: [
          `${PUBLISHED_URLS}:5: "/blog/taken-down-at-last/": was published, and nothing answers there now. ${TO_DO}`,
        ],
      },
      {
        what: "a page that was renamed",
        files,
        says: [
          `${PUBLISHED_URLS}:3: "/blog/frist/": was published, and nothing answers there now. Did it move to /blog/first/? ${TO_DO}`,
        ],
      },
      {
        what: "an article that became a draft again",
        files,
        says: [
          `${PUBLISHED_URLS}:6: "/blog/unfinished/": was published, and leads to site/content/blog/2026-03-02-unfinished.md, which is a draft. ${TO_DO}`,
        ],
      },
      {
        what: "an article whose day was moved",
        files,
        says: [
          `${PUBLISHED_URLS}:4: "/blog/later/": was published, and leads to site/content/blog/2026-06-01-later.md, which waits for 2026-06-01. Did it move to /blog/letter/? ${TO_DO}`,
        ],
      },
      {
        what: "a line of the list that is no address",
        files,
        says: [
          `${PUBLISHED_URLS}:7: "blog/no-slash/": is no address of this site. Write it as /blog/some-words/.`,
        ],
      },
    ],
  },
];
