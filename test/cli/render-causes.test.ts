import { expect, it } from "vitest";
import { renderCauses } from "../../deploy/cli/render-causes.ts";
import type { Cause } from "../../deploy/core/causes.ts";

const cause = (pages: number, only: number, more: Partial<Cause> = {}): Cause => ({
  pages,
  only,
  edits: [{ removed: "© 2025", added: "© 2026" }],
  editCount: 1,
  examples: [],
  ...more,
});
const said = (changed: number, compared: number, ...causes: readonly Cause[]) =>
  renderCauses({ changed, compared, causes }, (text) => `"${text}"`);

it.each([
  [
    "all of them compared",
    said(14, 14, cause(12, 12)),
    '12 of 14 changed pages changed by the same edit: - "© 2025" + "© 2026"',
  ],
  [
    "a sample, all alike",
    said(318, 24, cause(24, 24)),
    '24 of 318 changed pages compared, all by the same edit: - "© 2025" + "© 2026"',
  ],
  [
    "a sample, most of them alike",
    said(318, 24, cause(20, 20)),
    '24 of 318 changed pages compared, 20 by the same edit: - "© 2025" + "© 2026"',
  ],
  [
    "a sample with edits of their own",
    said(318, 24, cause(24, 19)),
    '24 of 318 changed pages compared, all with the same edit (19 of them with no other): - "© 2025" + "© 2026"',
  ],
  [
    "several edits that came together",
    said(12, 12, cause(12, 12, { editCount: 3, edits: [{ removed: "", added: "<nav>" }] })),
    '12 of 12 changed pages changed by the same edit: + "<nav>" (and 2 more edits)',
  ],
  ["nothing in common", said(318, 24), "24 of 318 changed pages compared, no two by the same edit"],
])("%s", (_, text, expected) => {
  expect(text).toBe(expected);
});
