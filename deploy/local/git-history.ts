import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SourceHistory } from "../ports.ts";

const run = promisify(execFile);

/**
 * The checked-out commit, its author and its time, and whether the files are still those of the
 * commit; nothing when the folder is no git checkout.
 */
export function createGitHistory(root: string): SourceHistory {
  return {
    async provenance() {
      try {
        const [{ stdout: head }, { stdout: changes }] = await Promise.all([
          run("git", ["log", "-1", "--format=%H%n%an%n%cI"], { cwd: root }),
          run("git", ["status", "--porcelain", "--untracked-files=normal"], { cwd: root }),
        ]);
        const [commit, author, time = ""] = head.trimEnd().split("\n");
        const committedAt = new Date(time).toISOString();
        const uncommitted = changes === "" ? undefined : true;
        return { commit, author, committedAt, uncommitted };
      } catch {
        // No git, no commit yet, no checkout: a site may be deployed from any folder.
        return {};
      }
    },
  };
}
