import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildOnce, type OnceReport } from "./lib/build-once.ts";
import { annotations } from "./lib/checks/annotations.ts";
import { PUBLISHED_URLS, unrecorded, withUrls } from "./lib/checks/published-urls.ts";
import { readText } from "./lib/checks/source-texts.ts";
import { dayOf } from "./lib/dates.ts";
import { PREVIEW_OUTPUT } from "./lib/preview.ts";
import { describeProblem, isMistake, type Problem, SiteError } from "./lib/problem.ts";
import { nextDayOf, reportText } from "./lib/schedule.ts";
import { readNow, type Withheld } from "./lib/settings.ts";

const USAGE = `Usage: node site/start.js build [--drafts] [--force] [--output DIR] [--report FILE]
                                [--record-urls]

Builds the website into DIR (default: _site), replacing what was there.

  --drafts         a preview: with drafts, later posts and the style guide, for no search engine,
                   into ${PREVIEW_OUTPUT} unless you name another folder; slipway deploy refuses it
  --record-urls    add the addresses of this build to ${PUBLISHED_URLS}, which no later
                   build may lose
  --force          build all of it anew, also when nothing has changed since the last build
  --report FILE    write what was built, what waits and until when to FILE as JSON (also: SITE_REPORT)

SITE_NOW=YYYY-MM-DD builds it as of that day: later posts wait for theirs.`;

try {
  process.exitCode = await main();
} catch (error) {
  const problems = problemsIn(error);
  console.error(failure(problems));
  annotate(problems);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === "help") {
    console.log(USAGE);
    return 0;
  }
  const start = performance.now();
  const report = await buildOnce({ ...options, notice: (text) => console.log(text) });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const kilobytes = Math.round(report.bytes / 1000);
  console.log(
    `Built ${report.pages} pages (${report.files} files, ${kilobytes} kB) in ${seconds} s`,
  );
  if (report.reused)
    console.log("Nothing has changed since the last build: its files are used again");
  for (const line of madeLines(report.made)) console.log(line);
  for (const post of report.withheld) console.log(withheldLine(post));
  const next = nextDayOf(report.withheld);
  if (next) console.log(`Next: ${next.day} (${next.files.join(", ")})`);
  await tellUrls(report.lasting, options);
  if (options.report !== "") {
    await writeFile(options.report, reportText(report, options.output, dayOf(options.now)));
  }
  if (report.warnings.length > 0) console.error(warnings(report.warnings));
  annotate(report.warnings);
  console.log(`Site: ${options.output}/`);
  return 0;
}

type Options = {
  readonly output: string;
  readonly now: Date;
  readonly mode: "build" | "preview";
  /** Empty for none. */
  readonly report: string;
  readonly recordUrls: boolean;
  readonly force: boolean;
};

function readOptions(): Options | "help" {
  const { values } = parsed();
  if (values.help) return "help";
  if (values.drafts && values["record-urls"]) {
    const message = "--record-urls is for what is published, and --drafts is not";
    throw new SiteError([{ file: "arguments", message, fix: "Leave one of the two out." }]);
  }
  const output = values.output ?? (values.drafts ? PREVIEW_OUTPUT : "_site");
  return {
    output: output.replace(/(.)\/+$/, "$1"),
    now: readNow(process.env.SITE_NOW),
    mode: values.drafts ? "preview" : "build",
    report: values.report ?? process.env.SITE_REPORT ?? "",
    recordUrls: values["record-urls"],
    force: values.force,
  };
}

function parsed() {
  try {
    return parseArgs({
      options: {
        output: { type: "string" },
        drafts: { type: "boolean", default: false },
        "record-urls": { type: "boolean", default: false },
        report: { type: "string" },
        force: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    throw new SiteError([{ file: "arguments", message, fix: "See --help." }]);
  }
}

function madeLines({ images, cards }: OnceReport["made"]): readonly string[] {
  const line = (count: number, what: string) => {
    if (count === 0) return [];
    const made = count === 1 ? `1 ${what}; it is` : `${count} ${what}s; they are`;
    return [`Made ${made} kept in .cache/`];
  };
  return [...line(images, "image file"), ...line(cards, "social card")];
}

/** Says which addresses are not in the list yet, or adds them. A site without a list is not published yet. */
async function tellUrls(
  urls: readonly string[],
  { mode, recordUrls }: Pick<Options, "mode" | "recordUrls">,
): Promise<void> {
  const list = readText(PUBLISHED_URLS);
  const added = unrecorded(list, urls);
  if (mode === "preview" || added.length === 0 || (list === "" && !recordUrls)) return;
  if (!recordUrls) {
    const shown = added.length > 3 ? [...added.slice(0, 3), "…"] : added;
    const what = `Not in ${PUBLISHED_URLS} yet: ${shown.join(", ")}`;
    console.log(
      `${what} (npm run build -- --record-urls adds ${added.length === 1 ? "it" : "them"})`,
    );
    return;
  }
  await writeFile(PUBLISHED_URLS, withUrls(list, added));
  const addresses = added.length === 1 ? "1 address" : `${added.length} addresses`;
  console.log(`Recorded ${addresses} in ${PUBLISHED_URLS}; commit it with the pages`);
}

function withheldLine({ file, status, day }: Withheld): string {
  return status === "draft" ? `Left out: ${file} (draft)` : `Left out: ${file} (waits for ${day})`;
}

/** A full disk or a folder without permission is no bug either; anything else is, with its stack. */
function problemsIn(error: unknown): readonly Problem[] {
  if (error instanceof SiteError) return error.problems;
  if (error instanceof Error && "syscall" in error) {
    return [{ file: "system", message: error.message, fix: "Nothing was replaced." }];
  }
  throw error;
}

/** On standard error, so that what a program reads of standard output stays the same in CI. */
function annotate(problems: readonly Problem[]): void {
  if (process.env.GITHUB_ACTIONS !== "true") return;
  for (const line of annotations(problems)) console.error(line);
}

function failure(problems: readonly Problem[]): string {
  const mistakes = problems.filter(isMistake);
  const others = problems.filter((problem) => !isMistake(problem));
  const lines = [
    `The site was not built: ${count(mistakes.length, "problem")}.`,
    ...mistakes.map((problem) => `  ${describeProblem(problem)}`),
  ];
  return [...lines, ...(others.length > 0 ? [warnings(others)] : [])].join("\n");
}

function warnings(problems: readonly Problem[]): string {
  return [
    `${count(problems.length, "warning")}:`,
    ...problems.map((problem) => `  ${describeProblem(problem)}`),
  ].join("\n");
}

function count(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`;
}
