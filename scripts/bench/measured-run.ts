import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

export type Measured = {
  readonly seconds: number;
  /** Of all its processors and children, in user and in system mode. */
  readonly cpuSeconds: number;
  /** The most memory that the process held at once, in MB of 10^6 bytes. */
  readonly peakMegabytes: number;
  readonly stdout: string;
};

/** GNU time counts a process from its start to its end, whatever it is written in. */
const TIME = "/usr/bin/time";

/** Runs a program to its end. Throws, with what it said, when it fails. */
export async function runMeasured(command: Command, scratch: string): Promise<Measured> {
  const { program, args, cwd, env } = command;
  const report = join(scratch, "time.txt");
  const child = spawn(TIME, ["-f", "%e %M %U %S", "-o", report, program, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: scratch, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, "close");
  if (exitCode !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${exitCode}: ${stderr.slice(-2000)}`);
  }
  const [seconds = 0, kibibytes = 0, user = 0, system = 0] = (await readFile(report, "utf8"))
    .trim()
    .split(" ")
    .map(Number);
  const peakMegabytes = (kibibytes * 1024) / 1e6;
  return { seconds, cpuSeconds: user + system, peakMegabytes, stdout };
}
