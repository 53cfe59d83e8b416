import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { annotationsOf } from "../../deploy/cli/annotations.ts";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderDoctor } from "../../deploy/cli/render-doctor.ts";
import { CHECKS, type Check, type CheckId, type Verdict } from "../../deploy/core/doctor/check.ts";

const made = (id: CheckId, verdict: Verdict): Check => ({ id, title: CHECKS[id], ...verdict });
const CHECKED: readonly Check[] = [
  made("bucket", { kind: "good", found: "example-site in eu-west-1" }),
  made("bucket-versioning", { kind: "bad", found: "versioning is off", next: "slipway setup" }),
  made("distribution", { kind: "skipped", why: "there is none" }),
  made("missing-page", { kind: "warning", found: "200", next: "Look at it." }),
  made("dns", { kind: "skipped", why: "there is none" }),
];

it("shows each check, its mend, what was skipped by its reason, and the sum", () => {
  const lines = renderDoctor({ healthy: false, checks: CHECKED }, createPaint(false));
  expect(lines).toEqual([
    "✓ bucket                 the bucket is there, in its region (example-site in eu-west-1)",
    "✗ bucket-versioning      not so: replaced files stay as versions",
    "                         versioning is off",
    "                         next: slipway setup",
    "! missing-page           200",
    "                         next: Look at it.",
    "- skipped, because there is none: distribution, dns",
    "",
    "1 check good, 1 bad, 1 warning, 2 skipped",
  ]);
});

it("says no more than the number where everything is good", () => {
  const checks = [made("bucket", { kind: "good", found: "x" })];
  expect(renderDoctor({ healthy: true, checks }, createPaint(false)).at(-1)).toBe("1 check good");
});

it("tells a reason that several checks share once", () => {
  const verdict = {
    kind: "bad",
    found: "cannot be looked at: no credentials",
    next: "Sign in.",
  } as const;
  const other = made("bucket-privacy", { kind: "bad", found: "switched off", next: "Sign in." });
  const checks = [
    made("credentials", verdict),
    made("account", verdict),
    other,
    made("dns", verdict),
  ];
  expect(renderDoctor({ healthy: false, checks }, createPaint(false))).toEqual([
    "✗ credentials            not so: credentials are valid",
    "                         cannot be looked at: no credentials",
    "                         next: Sign in.",
    "                         also: account, dns",
    "✗ bucket-privacy         not so: public access to the bucket is blocked",
    "                         switched off",
    "                         next: Sign in.",
    "",
    "0 checks good, 4 bad",
  ]);
  const result = { healthy: false, checks };
  const annotations = annotationsOf({ command: "doctor", result });
  expect(annotations).toHaveLength(2);
  expect(annotations[0]).toContain("title=doctor%3A credentials%2C account%2C dns::");
});

it("annotates a run in CI with what is bad and what warns", () => {
  const result = { healthy: false, checks: CHECKED };
  const [bad, warning, ...more] = annotationsOf({ command: "doctor", result });
  expect(bad).toMatch(/^::error .*bucket-versioning.*versioning is off/);
  expect(warning).toMatch(/^::warning .*missing-page/);
  expect(more).toEqual([]);
});

it("docs/doctor.md has a section for each check, in the order in which they are shown", async () => {
  const text = await readFile(new URL("../../docs/doctor.md", import.meta.url), "utf8");
  const sections = [...text.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(Object.keys(CHECKS));
});
