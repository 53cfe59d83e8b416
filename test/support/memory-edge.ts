import type { EdgeDocument } from "../../deploy/core/edge-document.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import type { EdgeRuntime, SiteEdge } from "../../deploy/ports.ts";
import { sha256 } from "./builders.ts";

/** A CDN that remembers which program it runs; `failOnce` makes the next publication fail. */
export function createMemoryEdge(log: string[] = []) {
  let live: EdgeDocument | undefined;
  let failing = false;
  const edge: EdgeRuntime = {
    async publish(program) {
      log.push(`edge ${program.text}`);
      if (failing) {
        failing = false;
        throw new SlipwayError("cloud", { what: "no", why: "asked to fail", next: "again" });
      }
      const changed = live?.digest !== program.digest;
      live = program;
      return { kind: "published", changed };
    },
  };
  return {
    edge,
    live: () => live?.text,
    failOnce: () => {
      failing = true;
    },
  };
}

/** A site whose rules are this text. */
export function siteEdge(text: string): SiteEdge {
  return { program: { digest: sha256(text), text }, redirects: () => false, notices: [] };
}
