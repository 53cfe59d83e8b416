import {
  checkLinks,
  type ExternalReport,
  isOffline,
  type LinkResult,
} from "./lib/external/check-links.ts";
import { findLinks } from "./lib/external/find-links.ts";
import { IGNORED } from "./lib/external/ignored.ts";
import { SiteError } from "./lib/problem.ts";

const USAGE = `Usage: npm run check:external

Asks every address outside the site that a page links to, each once, and names those that fail by file
and line. Addresses in site/lib/external/ignored.ts are left out. Needs the network; no build does it.
Ends with 1 when a link is broken, else with 0: also where a page has moved, which is told.`;

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SiteError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  if (process.argv.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  const links = await findLinks(new Date());
  const report = await checkLinks(links, { ignored: IGNORED });
  if (isOffline(report)) {
    console.error("No address answers at all. Look whether this machine has a network.");
    return 1;
  }
  for (const line of report.results.flatMap(linesOf)) console.log(line);
  console.log(summary(report));
  return report.results.some(({ outcome }) => outcome.kind === "broken") ? 1 : 0;
}

function linesOf({ url, spots, outcome }: LinkResult): readonly string[] {
  const places = spots.map(({ file, line }) => (line === undefined ? file : `${file}:${line}`));
  switch (outcome.kind) {
    case "fine":
    case "ignored":
      return [];
    case "moved":
      return places.map((place) => `${place}: ${url}: has moved. Write ${outcome.to}`);
    case "broken":
      return places.map((place) => `${place}: ${url}: ${outcome.why}. Correct it, or take it out.`);
  }
}

function summary({ results }: ExternalReport): string {
  const count = (kind: LinkResult["outcome"]["kind"]) =>
    results.filter(({ outcome }) => outcome.kind === kind).length;
  return `${results.length} links to other sites: ${count("fine")} fine, ${count("moved")} moved, ${count("broken")} broken, ${count("ignored")} ignored`;
}
