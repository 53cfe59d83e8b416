import type { BuildResult } from "../core/results.ts";
import { roleOf } from "../core/source.ts";
import type { Clock, Reporter, SiteBuilder, SiteFiles } from "../ports.ts";

export type BuildPorts = {
  readonly builder: SiteBuilder;
  readonly files: SiteFiles;
  readonly clock: Clock;
  readonly reporter: Reporter;
};

/** Runs the site's own build and counts what came out of it. */
export async function build(ports: BuildPorts): Promise<BuildResult> {
  const { files, clock } = ports;
  const started = clock.now();
  await buildWith([], ports);
  const seconds = (clock.now().getTime() - started.getTime()) / 1000;
  const built = await files.scan();
  const pages = built.filter((file) => roleOf(file.key) === "page").length;
  return { output: files.folder, pages, files: built.length, seconds };
}

/**
 * Runs the site's own build with arguments that only it understands. Nothing is counted: it may write
 * elsewhere than to the folder of the site that is published.
 */
export async function buildWith(
  args: readonly string[],
  { builder, reporter }: Pick<BuildPorts, "builder" | "reporter">,
): Promise<void> {
  reporter.report({ kind: "build-started", command: builder.commandLine(args) });
  await builder.build(args);
}
