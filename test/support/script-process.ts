import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { eventually } from "./eventually.ts";

const CHECKOUT = join(import.meta.dirname, "..", "..");
/** By its address, since the program may be started in any folder. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A TypeScript program of this checkout that runs until it is told to end. */
export type ScriptProcess = {
  readonly pid: number;
  /** What it has said so far, on either stream. */
  said(): string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Waits until it says what fits, and gives the match. Throws when it ends before. */
  says(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
};

/** Starts `node --import tsx FILE` with a bare environment and these variables. */
export function startScript(
  file: string,
  {
    cwd,
    env = {},
    args = [],
  }: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
  },
): ScriptProcess {
  const child = spawn(process.execPath, ["--import", TSX, join(CHECKOUT, file), ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: cwd, AWS_EC2_METADATA_DISABLED: "true", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("node itself could not be started");
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (more: string) => {
      text += more;
    });
  }
  let hasEnded = false;
  const ended = once(child, "close").then(([code]) => {
    hasEnded = true;
    return code as number | null;
  });
  return {
    pid,
    said: () => text,
    ended,
    says: (pattern, seconds = 60) =>
      eventually(
        () => {
          const match = pattern.exec(text);
          if (match === null && hasEnded) throw new Error(`${file} ended: ${text}`);
          return match ?? undefined;
        },
        { seconds, describe: () => `${file} said ${text}` },
      ),
    signal(name) {
      if (!hasEnded) child.kill(name);
    },
  };
}
