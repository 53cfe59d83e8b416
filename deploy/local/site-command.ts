import { spawn } from "node:child_process";
import { once } from "node:events";
import { SlipwayError } from "../core/errors.ts";
import type { SiteBuilder } from "../ports.ts";

export type SiteCommandOptions = {
  readonly root: string;
  /** Program and arguments. */
  readonly build: readonly string[];
  readonly dev: readonly string[];
  /** Undefined where the site has none. */
  readonly new: readonly string[] | undefined;
};

/**
 * The site's generator as child processes. What they say goes to our standard error, as it comes:
 * standard output belongs to the command's own result.
 */
export function createSiteCommand(options: SiteCommandOptions): SiteBuilder {
  const { root, build, dev } = options;
  return {
    commandLine: (args) => [...build, ...args].join(" "),
    async build(args) {
      const command = [...build, ...args];
      const end = await run(command, root);
      if (end !== 0) throw failed(command, end);
    },
    async serve() {
      const end = await run(dev, root);
      if (end !== 0 && end !== "SIGINT" && end !== "SIGTERM") throw failed(dev, end);
    },
    async begin(args) {
      if (options.new === undefined) throw noNew();
      const end = await run([...options.new, ...args], root);
      if (end !== 0) throw notBegun(options.new, end);
    },
  };
}

/** The exit code, or the signal that ended it. */
async function run(command: readonly string[], root: string): Promise<number | string> {
  const [program = "", ...args] = command;
  // "node" means the node that runs us, whatever PATH says.
  const file = program === "node" ? process.execPath : program;
  const child = spawn(file, args, { cwd: root, stdio: ["inherit", 2, 2] });
  // Ctrl-C reaches the child too; we stay to see how it ends.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    const [code, signal] = await once(child, "exit");
    return code ?? signal;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const next = "Check the commands below site in slipway.config.ts, and that npm ci has run.";
    const what = `${command.join(" ")} could not be started`;
    throw new SlipwayError("config", { what, why, next }, { cause });
  } finally {
    process.off("SIGINT", ignore);
  }
}

function failed(command: readonly string[], end: number | string): SlipwayError {
  return new SlipwayError("config", {
    what: "The site was not built",
    why: `${command.join(" ")} ended with ${end}; its own message is above`,
    next: "Mend what it names, then run the same command. The last good build is untouched.",
  });
}

function noNew(): SlipwayError {
  return new SlipwayError("config", {
    what: "This site has no program that begins an article",
    why: "site.new in slipway.config.ts is not set",
    next: "Set it to a program and its arguments, or copy an article by hand.",
  });
}

function notBegun(command: readonly string[], end: number | string): SlipwayError {
  return new SlipwayError("config", {
    what: "Nothing was begun",
    why: `${command.join(" ")} ended with ${end}; its own message is above`,
    next: "Mend what it names, then run the same command.",
  });
}
