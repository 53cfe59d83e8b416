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
  const { builder, files, clock, reporter } = ports;
  const started = clock.now();
  reporter.report({ kind: "build-started", command: builder.command });
  await builder.build();
  const seconds = (clock.now().getTime() - started.getTime()) / 1000;
  const built = await files.scan();
  const pages = built.filter((file) => roleOf(file.key) === "page").length;
  return { output: files.folder, pages, files: built.length, seconds };
}
