import { type EdgeDocument, type EdgeState, edgeProgramKey } from "../core/edge-document.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Digest } from "../core/keys.ts";
import type { EdgeRuntime, Reporter } from "../ports.ts";
import type { Lease } from "./lease.ts";
import { decodeRecord, type StatePorts } from "./state.ts";

export type EdgePorts = StatePorts & {
  /** Absent where no CDN belongs to the bucket. */
  readonly edge: EdgeRuntime | undefined;
  readonly reporter: Reporter;
};

const NO_CDN = { kind: "unmanaged", why: "there is no distribution" } as const;

/**
 * Makes the program live, after its text is safe in the bucket: so every release that names a program
 * can be brought back. Throws when the CDN refuses; then the next deploy tries again.
 */
export async function publishEdge(
  program: EdgeDocument,
  lease: Lease,
  { edge, state, codec, reporter }: EdgePorts,
): Promise<EdgeState> {
  const { digest, text } = program;
  await lease.assure();
  // Its name says what is in it, so one that is there already is this one.
  await state.write(edgeProgramKey(digest), codec.encode(text), { kind: "absent" });
  const publication = (await edge?.publish(program, () => lease.assure())) ?? NO_CDN;
  switch (publication.kind) {
    case "published":
      reporter.report({ kind: "edge-published", changed: publication.changed });
      return { digest, state: "published" };
    case "unmanaged":
      reporter.report({ kind: "edge-unmanaged", why: publication.why });
      return { digest, state: "unmanaged" };
  }
}

/** The program of an earlier release. Throws "refused" when the bucket no longer has it. */
export async function readEdgeProgram(
  digest: Digest,
  { state, codec }: StatePorts,
): Promise<EdgeDocument> {
  const key = edgeProgramKey(digest);
  const stored = await state.read(key);
  if (stored.kind === "found") return { digest, text: decodeRecord(stored.body, key, { codec }) };
  throw new SlipwayError("refused", {
    what: "The edge rules of that release are no longer in the bucket",
    why: `${key} is missing`,
    next: "Check out that commit, build it, and deploy it with --allow-older-commit.",
  });
}
