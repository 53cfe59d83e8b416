import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Eleventy from "@11ty/eleventy";
import { openCode } from "./code.js";
import { type Assets, NO_ASSETS } from "./lib/assets.ts";
import { type BrokenPage, createBrokenPage } from "./lib/broken-page.ts";
import { assertKeepingPlace, openCaches } from "./lib/caches.ts";
import { judgeSite } from "./lib/checks/judge-site.ts";
import { createPageReader } from "./lib/checks/page-reader.ts";
import { createMedia } from "./lib/media.ts";
import {
  describeProblem,
  isMistake,
  type Problem,
  SiteError,
  sortProblems,
} from "./lib/problem.ts";
import { ASSETS, asSiteError, CONFIG, CONTENT, type RenderedPage, toPages } from "./lib/render.ts";
import { RULES, readRules } from "./lib/rule-files.ts";
import { createServedFiles } from "./lib/served-files.ts";
import { provideSettings, readNow, type Settings } from "./lib/settings.ts";

const USAGE = `Usage: node site/start.js dev [--port N]

Serves the website with live reload on http://127.0.0.1:8080/ (--port 0: any free port).
Drafts and later posts are shown, with a badge.`;

const HOST = "127.0.0.1";

try {
  await main();
} catch (error) {
  for (const problem of asSiteError(error).problems) console.error(describeProblem(problem));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const port = readPort();
  if (port === "help") {
    console.log(USAGE);
    return;
  }
  await assertFree(port);
  assertKeepingPlace();
  const output = `_site.dev-${process.pid}`;
  const broken = createBrokenPage();
  const eleventy = await createEleventy(output, readNow(process.env.SITE_NOW), broken);
  tellFailures(eleventy, broken);
  endOnSignal(async () => {
    await eleventy.stopWatch();
    // At once: a rebuild that is under way would go on writing while an asynchronous removal waits.
    rmSync(output, { recursive: true, force: true, maxRetries: 5 });
  });
  try {
    await eleventy.init();
    const renderAfter = await eleventy.watch();
    // Eleventy sees that a file is gone, and would go on showing what was made of it until the next save.
    eleventy.watcher.on("unlink", (path) => void renderAfter(path));
    await serveOnLoopback(eleventy, port);
  } catch (error) {
    await eleventy.stopWatch();
    await rm(output, { recursive: true, force: true });
    throw error;
  }
}

async function createEleventy(
  output: string,
  now: Date,
  { middleware }: BrokenPage,
): Promise<Eleventy> {
  const caches = openCaches((text) => console.log(text));
  const readPages = createPageReader(caches.open("pages"));
  const served = createServedFiles(output);
  let assets: Assets = NO_ASSETS;
  let pages: readonly RenderedPage[] = [];
  return new Eleventy(CONTENT, output, {
    configPath: (await openCode()).pathOf(CONFIG),
    quietMode: true,
    runMode: "serve",
    config: (eleventyConfig) => {
      const settings: Settings = {
        mode: "dev",
        now,
        loadAssets: async () => {
          assets = await served.assets(ASSETS);
          return assets;
        },
        caches,
        media: createMedia("dev"),
        problems: [],
        withheld: [],
        aliases: new Map(),
        markdown: new Map(),
        leftOut: new Set(),
      };
      provideSettings(eleventyConfig, settings);
      eleventyConfig.on("eleventy.after", async ({ results }) => {
        const rendered = toPages(results ?? [], output);
        removeGone(output, pages, rendered);
        pages = rendered;
        const media = await settings.media.finish();
        await served.write(media.files);
        const written = await readRules(RULES);
        const verdict = judgeSite({
          rendered,
          assets,
          media,
          written,
          settings,
          readPages,
        });
        tell(sortProblems(verdict.problems));
      });
      eleventyConfig.setServerOptions({
        middleware: [middleware],
        messageOnStart: ({ localhostUrl }: { localhostUrl: string }) =>
          `Site with drafts at ${localhostUrl.replace("localhost", HOST)} (Ctrl-C ends it)`,
      });
    },
  });
}

function tell(problems: readonly Problem[]): void {
  for (const problem of problems) {
    console.error(`${isMistake(problem) ? "Broken" : "Warning"}: ${describeProblem(problem)}`);
  }
}

/**
 * In our words and not in Eleventy's, which come with a stack: here, and in the browser in place of the page,
 * until a save mends it. What is broken when the server starts does not end it either.
 */
function tellFailures(eleventy: Eleventy, broken: BrokenPage): void {
  const reload = () =>
    eleventy.eleventyServe.reload({ files: [], build: { stylesheets: [], templates: [] } });
  eleventy.errorHandler.once = (_severity, error) => {
    const problems = asSiteError(error).problems.filter(({ file }) => !isGone(file));
    tell(problems);
    if (problems.length === 0) return;
    broken.show(problems);
    void reload();
  };
  const write = eleventy.write.bind(eleventy);
  let isFirst = true;
  eleventy.write = async () => {
    try {
      const written = await write();
      if (broken.show([])) await reload();
      return written;
    } catch (error) {
      if (!isFirst) throw error;
      return undefined;
    } finally {
      isFirst = false;
    }
  };
}

/** A text that is renamed is seen under its new name first: soon everything is rendered once more. */
function isGone(file: string): boolean {
  return file.startsWith(`${CONTENT}/`) && !existsSync(file);
}

/** A page that no text makes any more would go on being served. */
function removeGone(
  output: string,
  before: readonly RenderedPage[],
  now: readonly RenderedPage[],
): void {
  const made = new Set(now.map(({ path }) => path));
  for (const { path } of before) if (!made.has(path)) rmSync(join(output, path), { force: true });
}

// Eleventy's server has no option for the host and would listen on every interface.
async function serveOnLoopback(eleventy: Eleventy, port: number): Promise<void> {
  const { eleventyServe } = eleventy;
  await eleventyServe.init();
  await eleventyServe.initServerInstance();
  const devServer = eleventyServe.server;
  devServer._serverListen = (wanted) => devServer.server.listen({ port: wanted, host: HOST });
  devServer.serve(port);
  await devServer.ready();
}

function readPort(): number | "help" {
  const refuse = (message: string) =>
    new SiteError([{ file: "arguments", field: "--port", message, fix: "See --help." }]);
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8080" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const port = Number(values.port);
    if (/^\d+$/.test(values.port) && port <= 65_535) return port;
    throw refuse(`"${values.port}" is no port number from 0 to 65535`);
  } catch (error) {
    if (error instanceof SiteError) throw error;
    throw refuse(error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}

/** Eleventy would take the next free port in silence; a wrong address in a browser tab helps nobody. */
async function assertFree(port: number): Promise<void> {
  const probe = createServer();
  try {
    await once(probe.listen({ port, host: HOST }), "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === "EADDRINUSE" ? `${port} is in use` : `${port} cannot be used (${code})`;
    throw new SiteError([
      { file: "arguments", field: "--port", message, fix: "Name another one, or 0 for any." },
    ]);
  }
  probe.close();
  await once(probe, "close");
}

function endOnSignal(close: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void close().finally(() => process.exit(0));
    });
  }
}
