import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../deploy/core/guard-limits.ts";
import { GUARD_RULES } from "../../../deploy/core/guard-rules.ts";

const page = await readFile(new URL("../../../docs/guards.md", import.meta.url), "utf8");

it("docs/guards.md has one row for each guard, with its flag, in their order", () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|.*\| `--allow-([a-z-]+)` \|/gm)];
  expect(rows.map(([, rule]) => rule)).toEqual([...GUARD_RULES]);
  expect(rows.map(([, , flag]) => flag)).toEqual([...GUARD_RULES]);
});

it("docs/guards.md names the limits that hold where the config is silent", () => {
  const { count, share } = DEFAULT_LIMITS.removals;
  expect(page).toContain(`at most ${count} pages go, or ${share * 100} % of the live ones`);
  expect(page).toContain(JSON.stringify(DEFAULT_LIMITS.elsewhere));
});
