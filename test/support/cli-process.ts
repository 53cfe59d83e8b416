import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { findFreePortPair } from "./free-ports.ts";

export type CliResult = {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CliOptions = {
  /** On top of a bare environment: nothing of AWS, Slipway or colours comes from the caller's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly seconds?: number;
};

export type CliProcess = {
  readonly pid: number;
  /** What it has said so far. */
  readonly output: () => Omit<CliResult, "exitCode">;
  readonly ended: Promise<CliResult>;
  /** Asks it to end, and waits until it has. One that ended before is left alone. */
  stop(signal?: NodeJS.Signals): Promise<CliResult>;
};

/** A whole build on a busy two-core machine stays far below. */
const PATIENCE_SECONDS = 40;

/** Runs `slipway ARGS` in a project, without a terminal, to its end. */
export async function runCli(
  root: string,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const child = launchCli(root, args, options);
  return await endOf(child, `slipway ${args.join(" ")}`, options.seconds);
}

/** Starts `slipway ARGS` in a project and returns at once. */
export function launchCli(
  root: string,
  args: readonly string[],
  { env = {} }: CliOptions = {},
): CliProcess {
  const child = spawn(process.execPath, [join("deploy", "bin.js"), ...args], {
    cwd: root,
    env: { ...bareEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("node itself could not be started");
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  const ended = once(child, "close").then(([exitCode]): CliResult => ({ exitCode, ...said }));
  const cli: CliProcess = {
    pid,
    output: () => ({ ...said }),
    ended,
    async stop(signal = "SIGINT") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return await endOf(cli, `slipway ${args.join(" ")} after ${signal}`);
    },
  };
  return cli;
}

export type EdgeProcess = CliProcess & {
  readonly port: number;
  readonly viewerUrl: string;
  readonly apiUrl: string;
};

/** Starts `slipway edge` on free ports, or on `port`, and returns when it serves. */
export async function startEdge(
  root: string,
  { publish = false, port }: { readonly publish?: boolean; readonly port?: number } = {},
): Promise<EdgeProcess> {
  const viewerPort = port ?? (await findFreePortPair());
  const args = ["edge", "--port", String(viewerPort), ...(publish ? ["--publish"] : [])];
  const edge = launchCli(root, args);
  let end: CliResult | undefined;
  void edge.ended.then((result) => {
    end = result;
  });
  try {
    const urls = await eventually(
      () => {
        if (end !== undefined) throw new Error(`slipway edge ended: ${describe(end)}`);
        return /Site {2}(\S+)\n(?:.*\n)*?\s+AWS {3}(\S+)/.exec(edge.output().stdout) ?? undefined;
      },
      { seconds: PATIENCE_SECONDS, describe: () => describe(edge.output()) },
    );
    const [, viewerUrl = "", apiUrl = ""] = urls;
    return { ...edge, port: viewerPort, viewerUrl, apiUrl };
  } catch (error) {
    await edge.stop("SIGKILL");
    throw error;
  }
}

/** Waits for the end; a process that does not come to it is killed, and the error shows what it said. */
async function endOf(
  cli: CliProcess,
  name: string,
  seconds = PATIENCE_SECONDS,
): Promise<CliResult> {
  let impatience: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    impatience = setTimeout(() => {
      process.kill(cli.pid, "SIGKILL");
      reject(new Error(`${name} did not end within ${seconds} s: ${describe(cli.output())}`));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([cli.ended, tooLong]);
  } finally {
    clearTimeout(impatience);
  }
}

function describe(result: Partial<CliResult>): string {
  return JSON.stringify(result, null, 2).replaceAll("\\n", "\n");
}

/** Nothing of AWS, Slipway or colours. */
export function bareEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "SystemRoot"];
  const inherited = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    // No test may find the developer's own keys, or ask the network for some.
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
    AWS_CONFIG_FILE: "/nonexistent/config",
  };
}
