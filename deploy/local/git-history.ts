import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SourceHistory } from "../ports.ts";

const run = promisify(execFile);

/** The checked-out commit, its author and its time; nothing when the folder is no git checkout. */
export function createGitHistory(root: string): SourceHistory {
  return {
    async provenance() {
      try {
        const { stdout } = await run("git", ["log", "-1", "--format=%H%n%an%n%cI"], { cwd: root });
        const [commit, author, time = ""] = stdout.trimEnd().split("\n");
        return { commit, author, committedAt: new Date(time).toISOString() };
      } catch {
        // No git, no commit yet, no checkout: a site may be deployed from any folder.
        return {};
      }
    },
  };
}
