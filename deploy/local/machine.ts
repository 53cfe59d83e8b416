import { readFileSync, readlinkSync } from "node:fs";
import type { DeployProcess } from "../core/lock.ts";
import type { Processes } from "../ports.ts";

/**
 * What tells the process numbers of this machine from those of every other: the boot of its kernel
 * and the namespace that the numbers belong to (proc(5), pid_namespaces(7)). Two containers on one
 * host differ. Undefined where there is no /proc: then nobody can be called dead.
 */
function machineId(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** This process, as another deploy on the same machine may look for it. */
export function thisProcess(): DeployProcess | undefined {
  const machine = machineId();
  return machine === undefined ? undefined : { machine, pid: process.pid };
}

export const localProcesses: Processes = {
  isGone({ machine, pid }) {
    if (machine !== machineId()) return false;
    return !isAlive(pid);
  },
};

/** Whether a process of this machine runs, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
