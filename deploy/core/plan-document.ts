import { z } from "zod";
import type { Change } from "./change.ts";
import { GUARD_RULES } from "./guard-rules.ts";
import type { ObjectHeaders } from "./headers.ts";
import type { Digest } from "./keys.ts";
import { intentSchema, invalidationSchema } from "./lock.ts";
import {
  entryFromRow,
  entryRow,
  entryToRow,
  obsoleteFromRow,
  obsoleteRow,
  obsoleteToRow,
  sha256,
  storedKey,
} from "./manifest.ts";
import { noticeSchema } from "./notices.ts";
import { type DigestText, type Plan, planId } from "./plan.ts";
import { provenanceSchema } from "./provenance.ts";
import type { FileOrigin, SourceFile } from "./source.ts";
import { stagesOf } from "./stages.ts";

/** A plan as it is kept in a file, between the person who reads it and the deploy that applies it. */
export type SavedPlan = {
  /** Where it may be applied: the environment's name in the config. */
  readonly environment: string;
  /** Its files are named by their keys: `origin.path` is relative to the site's folder. */
  readonly plan: Plan;
};

/** Why a text is not a plan that can be applied. */
export type SavedPlanProblem =
  | { readonly kind: "not-json" }
  | { readonly kind: "other-document" }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "malformed"; readonly detail: string }
  | { readonly kind: "edited" };

export type ParsedPlan =
  | { readonly kind: "plan"; readonly saved: SavedPlan }
  | { readonly kind: "problem"; readonly problem: SavedPlanProblem };

const VERSION = 1;

/** The place in the table of headers, or the version that the bucket stored. */
const originCell = z.union([z.int().nonnegative(), z.string()]);

const fileCells = [storedKey, z.int().nonnegative(), sha256, sha256, originCell] as const;

/** One row a change, because the JSON of 100,000 changes shall stay small. */
const changeRow = z.union([
  z.tuple([z.literal("create"), ...fileCells]),
  z.tuple([
    z.literal("replace"),
    ...fileCells,
    z.enum(["content", "headers"]),
    z.enum(["content", "headers", "unverified", "forced"]),
    entryRow,
  ]),
  z.tuple([z.literal("remove"), storedKey, entryRow.nullable()]),
]);

const headersSchema = z.strictObject({
  contentType: z.string(),
  cacheControl: z.string(),
  contentEncoding: z.string().exactOptional(),
  contentDisposition: z.string().exactOptional(),
  contentLanguage: z.string().exactOptional(),
  answerStatus: z.enum(["404", "410"]).exactOptional(),
});

const count = z.int().nonnegative();

const planSchema = z.strictObject({
  id: sha256,
  site: z.string(),
  base: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({ kind: z.literal("manifest"), release: z.string(), digest: sha256 }),
  ]),
  sequence: z.int().positive(),
  provenance: provenanceSchema,
  totals: z.strictObject({
    created: count,
    replaced: count,
    removed: count,
    unchanged: count,
    kept: count,
    bytes: count,
  }),
  headers: z.array(headersSchema),
  changes: z.array(changeRow),
  invalidation: z.strictObject({
    afterWrites: invalidationSchema,
    afterRemovals: invalidationSchema,
  }),
  kept: z.array(obsoleteRow),
  edge: sha256.optional(),
  onlyBookkeeping: z.boolean(),
  unfinished: intentSchema.optional(),
  drift: z
    .strictObject({
      altered: z.array(storedKey),
      missing: z.array(storedKey),
      added: z.array(storedKey),
    })
    .optional(),
  violations: z.array(
    z.looseObject({
      rule: z.enum(GUARD_RULES),
      limit: z.string(),
      actual: z.string(),
      next: z.string(),
    }),
  ),
  notices: z.array(noticeSchema),
});

const schema = z.strictObject({
  document: z.literal("slipway-plan"),
  version: z.literal(VERSION),
  seal: sha256,
  environment: z.string(),
  plan: planSchema,
});

/**
 * Plan → JSON text. Equal plans give equal text; no path of this machine is in it. A seal over
 * everything tells later whether somebody edited it; it keeps out mistakes, not forgers.
 */
export function formatPlan({ environment, plan }: SavedPlan, digest: DigestText): string {
  const { changes, kept, stages: _, ...rest } = plan;
  const headers = createHeadersTable();
  const rows = changes.map((change) => changeToRow(change, headers.placeOf));
  const content = {
    environment,
    plan: { ...rest, kept: kept.map(obsoleteToRow), headers: headers.all, changes: rows },
  };
  const seal = sealOf(content, digest);
  return `${JSON.stringify({ document: "slipway-plan", version: VERSION, seal, ...content })}\n`;
}

/** JSON text → plan, or what is wrong with it. The stages are made again: they follow from the changes. */
export function parsePlan(text: string, digest: DigestText): ParsedPlan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "problem", problem: { kind: "not-json" } };
  }
  const problem = foreignTo(json);
  if (problem !== undefined) return { kind: "problem", problem };
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const detail = z.prettifyError({ issues: parsed.error.issues.slice(0, 3) });
    return { kind: "problem", problem: { kind: "malformed", detail } };
  }
  const { environment, seal } = parsed.data;
  const { plan: unchecked } = json as { readonly plan: object };
  const plan = planFromData(parsed.data.plan);
  const isWhole = plan !== undefined && plan.id === planId(plan, digest);
  if (!isWhole || seal !== sealOf({ environment, plan: unchecked }, digest)) {
    return { kind: "problem", problem: { kind: "edited" } };
  }
  return { kind: "plan", saved: { environment, plan } };
}

/** Over the JSON as it was read, not as it was understood: a field that nobody knows counts as well. */
function sealOf(content: object, digest: DigestText): Digest {
  return digest(JSON.stringify(content));
}

function foreignTo(json: unknown): SavedPlanProblem | undefined {
  if (typeof json !== "object" || json === null || !("document" in json)) {
    return { kind: "other-document" };
  }
  if (json.document !== "slipway-plan") return { kind: "other-document" };
  const version = "version" in json ? json.version : undefined;
  if (typeof version === "number" && version > VERSION) return { kind: "newer", version };
  return undefined;
}

/** Each set of headers once: a site has thousands of files and a handful of sets. */
function createHeadersTable() {
  const places = new Map<string, number>();
  const all: ObjectHeaders[] = [];
  return {
    all,
    placeOf(headers: ObjectHeaders): number {
      const text = JSON.stringify(headers);
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, all.length);
      return all.push(headers) - 1;
    },
  };
}

function changeToRow(
  change: Change,
  placeOf: (headers: ObjectHeaders) => number,
): readonly unknown[] {
  if (change.kind === "remove") {
    const { kind, key, before } = change;
    return [kind, key, before === undefined ? null : entryToRow(key, before)];
  }
  const { key, size, fingerprint, origin } = change.file;
  const where = origin.kind === "version" ? origin.versionId : placeOf(origin.headers);
  const cells = [change.kind, key, size, fingerprint.content, fingerprint.headers, where];
  if (change.kind === "create") return cells;
  return [...cells, change.mode, change.reason, entryToRow(key, change.before)];
}

/** Undefined when a row names headers that are not in the table. */
function planFromData(data: z.infer<typeof planSchema>): Plan | undefined {
  const { changes: rows, headers, kept, edge, unfinished, drift, ...rest } = data;
  const changes: Change[] = [];
  for (const row of rows) {
    const change = changeFromRow(row, headers);
    if (change === undefined) return undefined;
    changes.push(change);
  }
  const stages = stagesOf(changes);
  return { ...rest, kept: kept.map(obsoleteFromRow), edge, changes, stages, unfinished, drift };
}

function changeFromRow(
  row: z.infer<typeof changeRow>,
  headers: readonly ObjectHeaders[],
): Change | undefined {
  switch (row[0]) {
    case "remove": {
      const [kind, key, before] = row;
      return { kind, key, before: before === null ? undefined : entryFromRow(before) };
    }
    case "create": {
      const file = fileFromCells(row, headers);
      return file && { kind: "create", file };
    }
    case "replace": {
      const file = fileFromCells(row, headers);
      const [, , , , , , mode, reason, before] = row;
      return file && { kind: "replace", file, before: entryFromRow(before), mode, reason };
    }
  }
}

function fileFromCells(
  row: Exclude<z.infer<typeof changeRow>, readonly ["remove", ...unknown[]]>,
  table: readonly ObjectHeaders[],
): SourceFile | undefined {
  const [, key, size, content, headersDigest, where] = row;
  const origin = originFrom(where, key, table);
  return origin && { key, size, fingerprint: { content, headers: headersDigest }, origin };
}

function originFrom(
  where: string | number,
  key: string,
  table: readonly ObjectHeaders[],
): FileOrigin | undefined {
  if (typeof where === "string") return { kind: "version", versionId: where };
  const headers = table[where];
  return headers && { kind: "file", path: key, headers };
}
