import { describe, expect, it } from "vitest";
import type { Check, CheckId, Looked } from "../../../deploy/core/doctor/check.ts";
import { type Answer, judgeLive, type LiveFacts } from "../../../deploy/core/doctor/judge-live.ts";
import { type EdgeComparison, judgeProgram } from "../../../deploy/core/doctor/judge-program.ts";
import { judgeRelease, type ReleaseFacts } from "../../../deploy/core/doctor/judge-release.ts";
import type { Lock } from "../../../deploy/core/lock.ts";

/** Every check of the release, the program and the live site: green, and red for each flaw. */

const seen = <Value>(value: Value) => ({ kind: "seen", value }) as const;
const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
});
const HSTS = "max-age=63072000; includeSubDomains; preload";
const wanted = {
  set: [
    { name: "content-security-policy", value: "default-src 'self'", override: true },
    { name: "strict-transport-security", value: HSTS, override: true },
    { name: "x-content-type-options", value: "nosniff", override: true },
    { name: "x-robots-tag", value: "all", override: false },
  ],
  remove: ["x-amz-version-id"],
};
const HEADERS = {
  "content-security-policy": "default-src 'self'",
  "strict-transport-security": "max-age=63072000;includeSubDomains;preload",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

const LIVE: LiveFacts = {
  home: seen(answer(200, HEADERS)),
  headers: seen({ wanted, answer: answer(200, HEADERS), isHttps: true }),
  clean: seen({ path: "/about", answer: answer(301, { location: "/about/" }) }),
  missing: seen(answer(404)),
  state: seen(answer(403)),
  plain: seen(answer(301, { location: "https://www.example.com/" })),
  others: seen({
    canonical: "www.example.com",
    answers: [
      { name: "example.com", answer: seen(answer(301, { location: "https://www.example.com/" })) },
    ],
  }),
};

const LOCK: Lock = {
  version: 1,
  holder: "h",
  owner: "mira@laptop",
  since: "2026-11-20T10:00:00.000Z",
  until: "2026-11-20T10:02:00.000Z",
  intent: { release: "20261120T100000Z-1", keys: [], invalidation: { kind: "none" } },
};

const RELEASE: ReleaseFacts = {
  release: seen({ id: "20261120T090000Z-1", files: 40 }),
  files: seen({ looked: 20, files: 40, wrong: [] }),
  lock: seen(undefined),
};

const SAME = { entries: 3, missing: 0, changed: 0, extra: 0 };
const PROGRAM = {
  kind: "compared",
  viewerRequest: true,
  viewerResponse: true,
  headersPolicy: "same",
  table: SAME,
} as const satisfies EdgeComparison;

type Flaw = {
  readonly live?: Partial<LiveFacts>;
  readonly release?: Partial<ReleaseFacts>;
  readonly program?: EdgeComparison;
};

const examine = ({ live, release, program = PROGRAM }: Flaw): readonly Check[] => [
  ...judgeProgram(seen(program)),
  ...judgeRelease({ ...RELEASE, ...release }),
  ...judgeLive({ ...LIVE, ...live }),
];

const headers = (change: Readonly<Record<string, string | undefined>>): Flaw => {
  const entries = Object.entries({ ...HEADERS, ...change }).filter(
    ([, value]) => value !== undefined,
  );
  const found = Object.fromEntries(entries) as Record<string, string>;
  return { live: { headers: seen({ wanted, answer: answer(200, found), isHttps: true }) } };
};
const other = (status: number, location: string): Flaw => ({
  live: {
    others: seen({
      canonical: "www.example.com",
      answers: [{ name: "example.com", answer: seen(answer(status, { location })) }],
    }),
  },
});

it("a site as it was released is good in every check", () => {
  expect(examine({}).filter(({ kind }) => kind !== "good")).toEqual([]);
});

const WRONG: readonly (readonly [string, CheckId, Flaw, RegExp])[] = [
  [
    "other request code",
    "function-code",
    { program: { ...PROGRAM, viewerRequest: false } },
    /viewer-request$/,
  ],
  [
    "other code in both",
    "function-code",
    { program: { ...PROGRAM, viewerRequest: false, viewerResponse: false } },
    /viewer-request and viewer-response/,
  ],
  [
    "no function of ours",
    "function-code",
    { program: { kind: "unmanaged", why: "its viewer-request function is not Slipway's" } },
    /not Slipway's/,
  ],
  [
    "redirects that are missing",
    "redirect-table",
    { program: { ...PROGRAM, table: { ...SAME, missing: 2 } } },
    /2 entries are missing/,
  ],
  [
    "redirects that lead elsewhere",
    "redirect-table",
    { program: { ...PROGRAM, table: { ...SAME, changed: 1 } } },
    /1 differ/,
  ],
  [
    "redirects of nobody",
    "redirect-table",
    { program: { ...PROGRAM, table: { ...SAME, extra: 1 } } },
    /1 are not/,
  ],
  [
    "another headers policy",
    "headers-policy",
    { program: { ...PROGRAM, headersPolicy: "different" } },
    /changed/,
  ],
  [
    "files that are gone",
    "files",
    {
      release: {
        files: seen({ looked: 20, files: 40, wrong: [{ key: "a.css", why: "is missing" }] }),
      },
    },
    /a\.css is missing/,
  ],
  [
    "a deploy that broke off",
    "lock",
    { release: { lock: seen({ kind: "left-behind", lock: LOCK }) } },
    /mira@laptop broke off/,
  ],
  ["no home page", "home-page", { live: { home: seen(answer(403)) } }, /403/],
  [
    "a header that is missing",
    "headers",
    headers({ "x-content-type-options": undefined }),
    /x-content-type-options is missing/,
  ],
  [
    "a header that is another",
    "headers",
    headers({ "content-security-policy": "default-src *" }),
    /default-src \*/,
  ],
  [
    "a header that was to go",
    "headers",
    headers({ "x-amz-version-id": "v" }),
    /x-amz-version-id is there/,
  ],
  ["a short HSTS", "headers", headers({ "strict-transport-security": "max-age=1" }), /max-age=1/],
  [
    "no clean address",
    "clean-url",
    { live: { clean: seen({ path: "/about", answer: answer(403) }) } },
    /\/about is answered with 403/,
  ],
  [
    "an address sent elsewhere",
    "clean-url",
    { live: { clean: seen({ path: "/about", answer: answer(301, { location: "/" }) }) } },
    /301 to \//,
  ],
  ["403 for a missing page", "missing-page", { live: { missing: seen(answer(403)) } }, /403/],
  ["503 for a missing page", "missing-page", { live: { missing: seen(answer(503)) } }, /503/],
  [
    "records in the open",
    "state-hidden",
    { live: { state: seen(answer(200)) } },
    /anybody can read/,
  ],
  ["http that stays http", "https", { live: { plain: seen(answer(200)) } }, /200/],
  [
    "http sent to http",
    "https",
    { live: { plain: seen(answer(301, { location: "http://x/" })) } },
    /301/,
  ],
  [
    "the apex with pages of its own",
    "other-names",
    other(200, ""),
    /example\.com is answered with 200/,
  ],
  [
    "the apex sent elsewhere",
    "other-names",
    other(301, "https://example.com/"),
    /301 to https:\/\/example\.com/,
  ],
];

describe("a flaw", () => {
  it.each(WRONG)("%s: %s is bad, says so, and names the mend", (_, id, flaw, words) => {
    expect(examine(flaw).find((check) => check.id === id)).toMatchObject({
      kind: "bad",
      found: expect.stringMatching(words),
      next: expect.stringMatching(/\w/),
    });
  });

  it("every check here has one in the table, or is the release's own", () => {
    const ids = new Set<CheckId>(WRONG.map(([, id]) => id));
    expect(examine({}).flatMap(({ id }) => (ids.has(id) ? [] : [id]))).toEqual(["release"]);
  });
});

describe("what is worth a look only", () => {
  it.each([
    ["nothing is released", "release", { release: { release: seen(undefined) } }],
    [
      "another's headers policy",
      "headers-policy",
      { program: { ...PROGRAM, headersPolicy: "foreign" } },
    ],
    ["a page for every address", "missing-page", { live: { missing: seen(answer(200)) } }],
  ] as const)("%s: %s warns", (_, id, flaw) => {
    expect(examine(flaw).find((check) => check.id === id)).toMatchObject({ kind: "warning" });
  });

  it("a deploy that is under way is good", () => {
    const flaw = { release: { lock: seen({ kind: "held", lock: LOCK } as const) } };
    expect(examine(flaw).find(({ id }) => id === "lock")).toMatchObject({ kind: "good" });
  });

  it("without a table none is compared", () => {
    const found = examine({ program: { ...PROGRAM, table: undefined } });
    expect(found.find(({ id }) => id === "redirect-table")).toMatchObject({ kind: "skipped" });
  });

  it("HSTS is not asked for by http", () => {
    const { "strict-transport-security": _, ...rest } = HEADERS;
    const plain = seen({ wanted, answer: answer(200, rest), isHttps: false });
    const found = examine({ live: { headers: plain } });
    expect(found.find(({ id }) => id === "headers")).toMatchObject({ kind: "good" });
  });
});

it("a name that does not answer is bad with the reason", () => {
  const text = { what: "x", why: "no record leads anywhere yet (ENOTFOUND)", next: "Wait." };
  const silent: Looked<Answer> = { kind: "unseen", text };
  const others = seen({
    canonical: "www.example.com",
    answers: [{ name: "example.com", answer: silent }],
  });
  const found = examine({ live: { others } }).find(({ id }) => id === "other-names");
  expect(found).toMatchObject({ kind: "bad", found: expect.stringContaining("ENOTFOUND") });
});
