import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Lock } from "../core/lock.ts";
import { thisProcess } from "./machine.ts";

/** Who deploys: a name for people, and a token that no other deploy has. */
export function createClaimant(
  env: Readonly<Record<string, string | undefined>>,
): Pick<Lock, "holder" | "owner" | "process"> {
  const owner = pipelineOf(env) ?? `${userName()}@${hostname()}`;
  return { holder: randomUUID(), owner, process: thisProcess() };
}

/** A container may run as a user that its system does not know by name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}

/** The page of the CI job, where whoever finds the lock held can look at what it does. */
function pipelineOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL } = env;
  if (GITHUB_SERVER_URL !== undefined && GITHUB_RUN_ID !== undefined) {
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  }
  return CI_JOB_URL;
}
