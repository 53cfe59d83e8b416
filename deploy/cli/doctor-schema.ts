import { z } from "zod";
import { CHECKS, type CheckId } from "../core/doctor/check.ts";

const ids = Object.keys(CHECKS) as [CheckId, ...CheckId[]];

const named = {
  id: z.enum(ids).describe("docs/doctor.md has a section of that name."),
  title: z.string().describe("What is so when the check is good."),
};

const found = z.string().describe("What was seen, or why it cannot be looked at.");
const next = z.string().describe("The mend.");

/** Every check of `doctor --json`, whatever came of it. */
export const checkSchema = z.discriminatedUnion("kind", [
  z.object({ ...named, kind: z.literal("good"), found }),
  z.object({ ...named, kind: z.literal("warning"), found, next }),
  z.object({ ...named, kind: z.literal("bad"), found, next }),
  z.object({ ...named, kind: z.literal("skipped"), why: z.string() }),
]);
