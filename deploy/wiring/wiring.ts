import type { Readable, Writable } from "node:stream";
import { createPaint, type Paint } from "../cli/paint.ts";
import type { Invocation } from "../cli/program.ts";
import { createReporter } from "../cli/reporter.ts";
import type { Config } from "../config.ts";
import { createSlipway, type Slipway } from "../library.ts";
import { createSiteCommand } from "../local/site-command.ts";
import type { Reporter, SiteBuilder, SiteFiles } from "../ports.ts";
import type { EventLog } from "./events.ts";
import { isPipeline, type Pipeline } from "./pipeline.ts";
import { siteFilesOf } from "./site.ts";
import { createSitePublisher } from "./site-publisher.ts";

/** What the process gives us; nothing below reads it from anywhere else. */
export type Surroundings = {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
};

/** What every handler below works with. */
export type Wiring = {
  readonly invocation: Invocation;
  readonly surroundings: Surroundings;
  readonly config: Config;
  /** What the command line does is done by the library. */
  readonly slipway: Slipway;
  readonly reporter: Reporter;
  readonly paint: Paint;
  readonly builder: SiteBuilder;
  readonly files: SiteFiles;
  /** Lines for a person: standard output, or standard error when that holds the JSON document. */
  readonly say: (lines: readonly string[]) => void;
};

/** Reads and checks the config, and builds the adapters that every command shares. */
export async function wire(
  invocation: Invocation,
  surroundings: Surroundings,
  listeners: { readonly events: EventLog; readonly pipeline: Pipeline },
): Promise<Wiring> {
  const { root, stdout, stderr } = surroundings;
  const { events, pipeline } = listeners;
  const paint = createPaint(hasColors(invocation.global.color, surroundings));
  const people = invocation.global.json ? stderr : stdout;
  const progress = createReporter(
    isTerminal(stderr, surroundings) ? stderr : logOnly(stderr),
    paint,
  );
  const reporter: Reporter = {
    report(event) {
      events.add(event);
      progress.report(event);
    },
  };
  const { env: environment } = invocation.global;
  const slipway = await createSlipway({
    root,
    environment,
    reporter,
    env: surroundings.env,
    makePublisher: (site) => createSitePublisher(surroundings, site),
  });
  const { config } = slipway;
  return {
    invocation,
    surroundings,
    config,
    slipway,
    paint,
    reporter,
    builder: createSiteCommand({ root, ...config.site, new: config.site.new }),
    files: siteFilesOf(root, config, slipway.environment),
    say: (lines) => {
      people.write(pipeline.plain(lines.map((line) => `${line}\n`).join("")));
    },
  };
}

/** Colours only for a person: a terminal, no --no-color, no NO_COLOR (https://no-color.org). */
export function hasColors(wanted: boolean, surroundings: Surroundings): boolean {
  const { env, stdout } = surroundings;
  const refused = env.NO_COLOR !== undefined && env.NO_COLOR !== "";
  return wanted && !refused && isTerminal(stdout, surroundings);
}

/** Whether a person watches. A pipeline may have a terminal too, but what it keeps is a log. */
function isTerminal(stream: { readonly isTTY?: boolean }, { env }: Surroundings): boolean {
  return stream.isTTY === true && !isPipeline(env);
}

/** The same stream for plain lines only. */
function logOnly(stream: Surroundings["stderr"]) {
  return { write: (text: string) => stream.write(text) };
}
