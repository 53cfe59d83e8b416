import { describe, expect, it } from "vitest";
import { renderFailureSummary, renderSummary } from "../../deploy/cli/render-summary.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { costOf } from "../../deploy/core/invalidation-cost.ts";
import type { UrlPath } from "../../deploy/core/keys.ts";
import { releaseOf } from "../../deploy/core/release.ts";
import type {
  ChangeOutcome,
  DeployResult,
  InvalidationReceipt,
} from "../../deploy/core/results.ts";
import { entryFor, manifestOf, sourceFile } from "../support/builders.ts";
import { planOf } from "../support/plan-value.ts";

const place = { environment: "production", url: "https://www.example.com/" };

const about = sourceFile("about/index.html");
const changes = [
  { kind: "replace", file: about, before: entryFor(about), mode: "content", reason: "content" },
  { kind: "create", file: sourceFile("assets/a.css") },
  { kind: "create", file: sourceFile("index.html") },
  { kind: "remove", key: sourceFile("old.html").key, before: undefined },
] as const;

const plan = planOf(changes, {
  provenance: { commit: "0123456789abcdef", author: "Mira <b>@all" },
  totals: { unchanged: 30, bytes: 1200 },
});

const release = releaseOf(plan, {
  id: "20261122T120000000Z-3f2a9c01",
  time: new Date("2026-11-22T12:00:00.000Z"),
  manifest: manifestOf([]),
});

const receipt: InvalidationReceipt = {
  id: "I1",
  state: "completed",
  invalidation: { kind: "paths", paths: ["/" as UrlPath] },
};

const deployed = (result: DeployResult) =>
  renderSummary({ command: "deploy", result }, place) ?? "";

const released = (of = plan): DeployResult => ({
  kind: "released",
  plan: of,
  release,
  outcomes: [],
  invalidations: [receipt],
  seconds: 3,
});

it("a release is told with its source, its totals, its pages and what the CDN forgets", () => {
  expect(deployed(released())).toBe(`### Released to \`production\` in 3.0 s

Release \`20261122T120000000Z-3f2a9c01\` from commit \`0123456789\` by \`Mira <b>@all\`

| New | Changed | Removed | Unchanged | To send |
| --: | --: | --: | --: | --: |
| 2 | 1 | 1 | 30 | 1.2 kB |

- [\`about/index.html\`](https://www.example.com/about/) changed
- [\`index.html\`](https://www.example.com/) new
- \`old.html\` removed

- Invalidation \`I1\` of 1 path: completed
`);
});

it("pages are no links where nobody knows the site's address", () => {
  const text = renderSummary({ command: "deploy", result: released() }, { environment: "staging" });
  expect(text).toContain("- `about/index.html` changed");
  expect(text).not.toContain("](");
});

it("a rollback says where it went back to", () => {
  const result = { ...released(), release: { ...release, rollbackTo: "20261101T1" } };
  const text = renderSummary({ command: "rollback", result: result as DeployResult }, place);
  expect(text).toContain("back to `20261101T1`");
});

it("a refusal names every guard, and says that nothing was written", () => {
  const violations = [
    { rule: "case-twins", limit: "no twins", actual: "```\n@mira", next: "Rename." },
  ] as const;
  const text = deployed({ kind: "refused", plan: planOf([], { violations }) });
  expect(text).toBe(`### Deploy of \`production\` refused

\`\`\`\`text
case-twins
  wanted: no twins
  found:  \`\`\`
@mira
  next:   Rename.
\`\`\`\`

Nothing was written.
`);
});

it("a release that was not completed counts every fate and names the failures", () => {
  const error = { what: "put failed", why: "SlowDown", next: "Wait." };
  const outcomes: readonly ChangeOutcome[] = [
    { key: about.key, outcome: { kind: "failed", failure: "cloud", error } },
    { key: sourceFile("index.html").key, outcome: { kind: "not-reached" } },
  ];
  const text = deployed({ kind: "partial", plan, outcomes, invalidations: [], seconds: 1 });
  expect(text).toContain("0 changes done, 1 failed, 1 not reached.");
  expect(text).toContain("about/index.html: SlowDown\n  next: Wait.");
  expect(text).toContain("Run the job again");
});

it("nothing to do is one sentence", () => {
  const empty = planOf([], { totals: { unchanged: 1 } });
  expect(deployed({ kind: "nothing-to-do", plan: empty })).toBe(
    "### Nothing to do in `production`\n\nWhat is live is what was built: 1 file.\n",
  );
});

it("an invalidation by hand is told", () => {
  const { invalidation } = receipt;
  const cost = costOf(invalidation);
  const requested = { kind: "requested", invalidation, cost, invalidations: [receipt] } as const;
  const result = { ...requested, seconds: 0.6 };
  expect(renderSummary({ command: "invalidate", result }, place)).toBe(
    "### Invalidated in `production` in 0.6 s\n\nInvalidation `I1` of 1 path: completed\n",
  );
});

it("commands that decide nothing leave no summary", () => {
  const result = { output: "_site", pages: 1, files: 1, seconds: 1 };
  expect(renderSummary({ command: "build", result }, place)).toBeUndefined();
});

describe("a failure", () => {
  it("says what, why and what to do", () => {
    const text = { what: "It failed", why: "because", next: "Do it." };
    expect(renderFailureSummary("deploy", new SlipwayError("cloud", text), place)).toBe(
      "### Deploy of `production` failed\n\n```text\nIt failed\nwhy:  because\nnext: Do it.\n```\n",
    );
  });

  it("that nobody foresaw is told too", () => {
    expect(renderFailureSummary("invalidate", new TypeError("x"), place)).toContain(
      "### Invalidation of `production` failed",
    );
  });
});

it("stays small, however many pages there are and however long their names", () => {
  const name = (i: number) => `${"`<b>@ä".repeat(100)}${i}.html`;
  const many = Array.from({ length: 20_000 }, (_, i) => ({
    kind: "create" as const,
    file: { ...about, key: name(i) as typeof about.key },
  }));
  const text = deployed(released(planOf(many)));
  expect(Buffer.byteLength(text)).toBeLessThan(100_000);
  expect(text).toMatch(/… and 19,9\d\d more pages/);
});
