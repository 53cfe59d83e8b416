import { Readable } from "node:stream";
import { main } from "../../deploy/main.ts";
import { bareEnvironment, type CliOptions, type CliResult } from "./cli-process.ts";
import { MemoryStream } from "./memory-stream.ts";

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `slipway ARGS` in a project, inside this process: as `runCli`, a second of work less, for tests
 * to which a process of its own adds nothing. One at a time, because the AWS SDK reads its credentials
 * from `process.env`, which is theirs meanwhile. Not for `--help`, which commander prints by itself.
 */
export function runCliHere(
  root: string,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const run = last.then(() => runNow(root, args, options));
  last = run.catch(() => undefined);
  return run;
}

async function runNow(
  root: string,
  args: readonly string[],
  { env: more = {} }: CliOptions,
): Promise<CliResult> {
  const env = { ...bareEnvironment(), ...more };
  const [stdout, stderr] = [new MemoryStream(), new MemoryStream()];
  const own = process.env;
  process.env = env;
  try {
    const exitCode = await main(args, { root, env, stdin: Readable.from([]), stdout, stderr });
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.env = own;
  }
}
