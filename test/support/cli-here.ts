import { Readable } from "node:stream";
import { main } from "../../deploy/main.ts";
import type { CliResult } from "./cli-process.ts";
import { MemoryStream } from "./memory-stream.ts";

/**
 * Runs `slipway ARGS` in a project, inside this process: as `runCli`, a second sooner, for tests to which
 * a process of its own adds nothing. Not for what the AWS SDK reads of the environment by itself, nor
 * for `--help`.
 */
export async function runCliHere(
  root: string,
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CliResult> {
  const [stdout, stderr] = [new MemoryStream(), new MemoryStream()];
  const exitCode = await main(args, { root, env, stdin: Readable.from([]), stdout, stderr });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
