import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A server that a test started, with all its children. */
export type GuardedProcess = {
  /** Of the process group that holds all of it. */
  readonly pid: number;
  /** What it has said so far, on either stream. */
  said(): string;
  hasEnded(): boolean;
  /** Kills all of it, as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
};

/**
 * Kills its own group when nobody holds its standard input any more, and when the program has ended by
 * itself. A shell gives what it runs in the background no input, hence the third descriptor.
 */
const GUARD =
  'exec 3<&0; "$@" 3<&- & program=$!; { read -r _ <&3; kill -9 -$$; } & wait $program; kill -9 -$$';

/**
 * Starts a program that must not outlive this process, however that one ends: a broker left behind
 * would hold its ports and its memory for good.
 */
export function startGuarded(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): GuardedProcess {
  const child: ChildProcess = spawn("sh", ["-c", GUARD, "sh", ...command], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("sh could not be started");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-20_000);
    });
  }
  const ended = once(child, "close");
  return {
    pid,
    said: () => said,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
      await ended;
    },
  };
}
