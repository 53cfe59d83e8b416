import type { Change, Write } from "./change.ts";
import { type FileRole, roleOf } from "./source.ts";

export type StageName = "new-assets" | "changed-assets" | "pages" | "feeds";

/**
 * A group of writes that may run side by side. A stage starts when the one before has no failure:
 * so whatever a page names is stored before the page, and a crash leaves extra objects, never a
 * broken page.
 */
export type Stage = {
  readonly name: StageName;
  readonly writes: readonly Write[];
};

const ORDER: readonly StageName[] = ["new-assets", "changed-assets", "pages", "feeds"];

/** Sorts the writes of a plan into stages, in the order in which they run; empty stages are left out. */
export function stagesOf(changes: readonly Change[]): readonly Stage[] {
  const writes = changes.filter((change): change is Write => change.kind !== "remove");
  return ORDER.map((name) => ({
    name,
    writes: writes.filter((write) => stageOf(write, roleOf(write.file.key)) === name),
  })).filter((stage) => stage.writes.length > 0);
}

function stageOf(write: Write, role: FileRole): StageName {
  switch (role) {
    case "page":
      return "pages";
    case "feed":
      return "feeds";
    case "asset":
      return write.kind === "create" ? "new-assets" : "changed-assets";
  }
}
