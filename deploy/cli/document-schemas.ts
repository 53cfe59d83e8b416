import { z } from "zod";
import { GUARD_RULES } from "../core/guard-rules.ts";
import { intentSchema, invalidationSchema } from "../core/lock.ts";
import { noticeSchema } from "../core/notices.ts";
import { provenanceSchema } from "../core/provenance.ts";
import { checkSchema } from "./doctor-schema.ts";

/**
 * The documents that `plan --json` and `deploy --json` print, as schemas: docs/schema/ is made from
 * them, and every document in the tests is held to them. New fields may come at any time; `version`
 * grows when one goes away or changes its meaning.
 */
const count = z.int().nonnegative();
const keys = z.array(z.string());
const keyField = z.string().describe("The file: its path in the output folder, and its key.");

const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("create"), key: keyField, bytes: count }),
  z.object({
    kind: z.literal("replace"),
    key: keyField,
    bytes: count.describe("What is sent; 0 when only headers change."),
    reason: z
      .enum(["content", "headers", "unverified", "forced"])
      .describe("Why it is written again; `unverified`: what is stored may not be what was sent."),
  }),
  z.object({ kind: z.literal("remove"), key: keyField, bytes: z.literal(0) }),
]);

const totals = z.object({
  created: count,
  replaced: count,
  removed: count,
  unchanged: count,
  kept: count.describe("Objects that the site no longer names, and that stay for a while."),
  bytes: count.describe("Body bytes that will be sent."),
});

const invalidation = invalidationSchema.describe(
  "What the CDN forgets: nothing, these paths, or everything.",
);

const violation = z.object({
  rule: z.enum(GUARD_RULES).describe("`--allow-RULE` lifts it."),
  limit: z.string(),
  actual: z.string(),
  next: z.string(),
});

const planFields = z.object({
  id: z.string().describe("SHA-256 of what the plan starts from and what it changes."),
  site: z.string(),
  base: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("manifest"), release: z.string(), digest: z.string() }),
  ]),
  sequence: z.int().positive().describe("The number that the release will have."),
  provenance: provenanceSchema,
  changes: z.array(change).describe("Sorted by key."),
  totals,
  stages: z
    .array(z.object({ name: z.string(), keys }))
    .describe("The writes in their order; a stage begins when the one before is complete."),
  invalidation: z.object({ afterWrites: invalidation, afterRemovals: invalidation }),
  kept: z
    .array(z.object({ key: keyField, since: z.iso.datetime(), sequence: z.int().positive() }))
    .describe("What stays for a while, since when and since which release it is no longer named."),
  edge: z
    .string()
    .optional()
    .describe("SHA-256 of the edge program that is published: redirects, clean URLs, headers."),
  onlyBookkeeping: z.boolean().describe("The record changes although no file does."),
  unfinished: intentSchema
    .optional()
    .describe("What an earlier deploy left; the plan finishes it."),
  drift: z
    .object({ altered: keys, missing: keys, added: keys })
    .optional()
    .describe("With --verify: where the bucket was not as the last release left it."),
  violations: z
    .array(violation)
    .describe("Why the guards refuse the plan; empty: it may be applied."),
  notices: z.array(noticeSchema).describe("What a person should know; nothing is refused for it."),
});

const run = {
  version: z.literal(1),
  exitCode: z.int().nonnegative(),
  environment: z.string(),
  seconds: z.number().nonnegative(),
  requests: z
    .object({
      total: count.describe("HTTP attempts, repeated ones too."),
      bytesSent: count.describe("Bytes of all bodies sent."),
      operations: z.array(
        z.object({
          service: z.string(),
          operation: z.string().describe("As AWS calls it: `PutObject`."),
          requests: count,
          bytesSent: count,
        }),
      ),
    })
    .describe("What was asked of the cloud."),
};

/** A command that failed before it had a result. */
function failureOf<Command extends string>(command: Command) {
  return z.object({
    version: z.literal(1),
    command: z.literal(command),
    exitCode: z.int().positive(),
    error: z.object({
      kind: z.enum(["usage", "config", "refused", "partial", "cloud", "locked", "internal"]),
      what: z.string(),
      why: z.string(),
      next: z.string().optional(),
    }),
  });
}

const edit = z.object({ removed: z.string(), added: z.string() });

const causes = z.object({
  summary: z.string().describe("The same in one line, for people."),
  changed: count.describe("Pages whose content changes."),
  compared: count.describe("How many of them were compared with what is stored."),
  causes: z.array(
    z.object({
      pages: count.describe("Compared pages that have all of these edits."),
      only: count.describe("Those of them that have no other edit."),
      edits: z.array(edit).describe("The first of them, shortened."),
      editCount: count,
      examples: keys,
    }),
  ),
});

const planResult = z.object({
  ...run,
  command: z.literal("plan"),
  plan: planFields,
  causes: causes.optional().describe("Why so many pages change; when more than ten do."),
  deploying: z
    .object({ owner: z.string(), since: z.iso.datetime(), release: z.string() })
    .optional()
    .describe("Who deploys right now; the plan may be out of date."),
  url: z.string().optional(),
});

const errorText = z.object({ what: z.string(), why: z.string(), next: z.string() });

const outcome = z.object({
  key: keyField,
  outcome: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("done") }),
    z.object({ kind: z.literal("failed"), failure: z.string(), error: errorText }),
    z.object({ kind: z.literal("not-reached") }),
  ]),
});

const receipt = z.object({
  id: z.string(),
  state: z.enum(["in-progress", "completed"]),
  invalidation,
});

const release = z.object({
  version: z.literal(1),
  id: z.string(),
  time: z.iso.datetime(),
  site: z.string(),
  plan: z.string(),
  totals,
  pages: count.describe("Pages that it wrote or removed."),
  provenance: provenanceSchema,
  rollbackTo: z.string().optional(),
});

const deployRun = { ...run, command: z.literal("deploy"), plan: planFields };
const carriedOut = {
  outcomes: z.array(outcome).describe("One for each change."),
  invalidations: z.array(receipt),
};

const deployResult = z.discriminatedUnion("kind", [
  z.object({ ...deployRun, kind: z.enum(["nothing-to-do", "refused", "declined"]) }),
  z.object({ ...deployRun, kind: z.literal("released"), release, ...carriedOut }),
  z.object({ ...deployRun, kind: z.literal("partial"), ...carriedOut }),
]);

/** What `slipway plan --json` prints. */
export const planDocument = z.union([planResult, failureOf("plan")]);
/** What `slipway deploy --json` prints. */
export const deployDocument = z.union([deployResult, failureOf("deploy")]);

/** What `slipway doctor --json` prints. */
export const doctorDocument = z.union([
  z.object({
    ...run,
    command: z.literal("doctor"),
    healthy: z.boolean().describe("No check is bad: the exit code is 0 then, else 4."),
    checks: z.array(checkSchema).describe("All checks, always in the same order."),
  }),
  failureOf("doctor"),
]);

/** What zod infers, for values that are never changed. */
type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Immutable<T[Name]> }
    : T;

export type PlanFields = Immutable<z.input<typeof planFields>>;
export type RunFields = Immutable<Omit<z.input<z.ZodObject<typeof run>>, "version" | "exitCode">>;
export type PlanResultFields = Immutable<
  Omit<z.input<typeof planResult>, keyof typeof run | "command">
>;
