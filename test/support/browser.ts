import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";

/** Without these, Chromium calls home, or fails where there is no user namespace. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether there is a browser. Says so in the test's output when there is none. */
export function hasBrowser(): boolean {
  const installed = existsSync(CHROMIUM);
  if (!installed) console.log(`skipped: ${CHROMIUM} is not installed`);
  return installed;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** What a tab had to complain of, and whom it asked, since it was last asked itself. */
export type Watch = {
  /** Console errors and warnings, exceptions, requests without an answer. */
  takeComplaints(): readonly string[];
  takeOrigins(): readonly string[];
};

export function watch(page: Page): Watch {
  let complaints: string[] = [];
  let origins = new Set<string>();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // The browser gives up an icon that is still on its way when somebody leaves the page.
    const isLeft = reason === "net::ERR_ABORTED" && /\/favicon\./.test(request.url());
    if (!isLeft) complaints.push(`${request.url()} failed: ${reason}`);
  });
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  return {
    takeComplaints() {
      const taken = complaints;
      complaints = [];
      return taken;
    },
    takeOrigins() {
      const taken = [...origins];
      origins = new Set();
      return taken;
    },
  };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules whose answer depends on colours. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe finds on a page, by rule and element; `colours` looks at nothing else. */
export async function axeFindings(
  page: Page,
  about: "everything" | "colours",
): Promise<readonly string[]> {
  await page.evaluate(`globalThis.axe ?? (() => { ${AXE} })()`);
  const runOnly =
    about === "everything"
      ? { type: "tag", values: EVERYTHING }
      : { type: "rule", values: COLOURS };
  const options = { runOnly, resultTypes: ["violations"] };
  return await page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + " at " + target.join(" ") + ": " + failureSummary)))`);
}
