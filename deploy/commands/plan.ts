import type { DigestText, Plan } from "../core/plan.ts";
import { makePlan } from "../core/plan.ts";
import type { ObjectStore, RecordCodec, Reporter, SiteFiles } from "../ports.ts";
import { type Base, readBase } from "./state.ts";

export type PlanPorts = {
  readonly store: ObjectStore;
  readonly codec: RecordCodec;
  readonly files: SiteFiles;
  readonly reporter: Reporter;
  readonly digest: DigestText;
};

export type Planned = { readonly plan: Plan; readonly base: Base };

/** Compares the built site with what the last release stored. Reads only: one request, whatever the size. */
export async function planRelease(site: string, ports: PlanPorts): Promise<Planned> {
  const { store, codec, files, reporter, digest } = ports;
  reporter.report({ kind: "scan-started", folder: files.folder });
  const [source, base] = await Promise.all([files.scan(), readBase({ store, codec })]);
  const bytes = source.reduce((sum, file) => sum + file.size, 0);
  reporter.report({ kind: "scan-finished", files: source.length, bytes });
  const manifest = base.kind === "manifest" ? base.manifest : undefined;
  return { plan: makePlan({ site, source, base: manifest, digest }), base };
}
