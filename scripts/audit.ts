import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs, promisify } from "node:util";

const HELP = `npm run audit -- [--url ADDRESS] [--runs N]

Runs Lighthouse on one page of each important kind and prints a Markdown table: the four scores, and
what its slow phone on a slow line would wait for. Ends with 1 when a score is below 100.

--url ADDRESS   the site to look at (http://127.0.0.1:8788, where npm start serves it)
--runs N        how often each page is measured; the median counts (3)

Lighthouse is fetched by npx: as a dependency it would be 186 MB for everybody. Chromium is the one in
CHROME_PATH, or /usr/bin/chromium.
`;

const LIGHTHOUSE = "lighthouse@12.8.2";
const PAGES = ["/", "/blog/", "/blog/no-torn-releases/", "/register/"];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;

/** The part of a Lighthouse report that is read here. */
type Report = {
  readonly categories: Readonly<Record<(typeof CATEGORIES)[number], { readonly score: number }>>;
  readonly audits: Readonly<Record<string, { readonly numericValue?: number }>>;
};

type Row = { readonly path: string; readonly scores: readonly number[]; readonly report: Report };

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      url: { type: "string", default: "http://127.0.0.1:8788" },
      runs: { type: "string", default: "3" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    console.error(`--runs: "${values.runs}" is no number of runs. Use 1 or more.`);
    return 2;
  }
  if (!(await isServed(values.url))) {
    console.error(`Nothing answers at ${values.url}. Start the site with npm start.`);
    return 2;
  }
  console.log(
    "| page | performance | accessibility | best practices | SEO | FCP | LCP | TBT | CLS | kB |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  let least = 100;
  for (const path of PAGES) {
    const row = await measure(values.url, path, runs);
    least = Math.min(least, ...row.scores);
    console.log(line(row));
  }
  return least === 100 ? 0 : 1;
}

async function isServed(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** The run with the median performance: its other figures belong together. */
async function measure(url: string, path: string, runs: number): Promise<Row> {
  const reports: Report[] = [];
  for (let run = 0; run < runs; run += 1) reports.push(await runLighthouse(url + path));
  reports.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
  const report = reports[Math.floor(reports.length / 2)];
  if (report === undefined) throw new Error("Lighthouse gave no report.");
  const scores = CATEGORIES.map((name) => Math.round(report.categories[name].score * 100));
  return { path, scores, report };
}

async function runLighthouse(url: string): Promise<Report> {
  const chromium = process.env.CHROME_PATH ?? "/usr/bin/chromium";
  if (!existsSync(chromium)) throw new Error(`${chromium} is not installed. Set CHROME_PATH.`);
  const { stdout } = await promisify(execFile)(
    "npx",
    [
      "--yes",
      LIGHTHOUSE,
      url,
      "--quiet",
      "--output=json",
      `--only-categories=${CATEGORIES.join(",")}`,
      "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
      "--no-enable-error-reporting",
    ],
    { env: { ...process.env, CHROME_PATH: chromium }, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Report;
}

function line({ path, scores, report }: Row): string {
  const value = (audit: string) => report.audits[audit]?.numericValue ?? Number.NaN;
  const seconds = (audit: string) => `${(value(audit) / 1000).toFixed(2)} s`;
  const cells = [
    path,
    ...scores,
    seconds("first-contentful-paint"),
    seconds("largest-contentful-paint"),
    `${Math.round(value("total-blocking-time"))} ms`,
    value("cumulative-layout-shift").toFixed(3),
    (value("total-byte-weight") / 1000).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}
