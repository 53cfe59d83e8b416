import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { createSiteProject, type TempProject } from "../support/temp-project.ts";

/**
 * What a visitor's browser makes of the published site, on a phone and on a desk.
 * SLIPWAY_SHOTS=FOLDER keeps a picture of every page.
 */

const CHROMIUM = "/usr/bin/chromium";
const installed = existsSync(CHROMIUM);
if (!installed) console.log(`skipped: ${CHROMIUM} is not installed`);

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

const PAGES = [
  ["home", "/", 200],
  ["article", "/blog/no-torn-releases/", 200],
  ["register", "/register/", 200],
  ["missing", "/no-such-page/", 404],
] as const;

const WIDTHS = [390, 1440] as const;

describe.skipIf(!installed)("in a browser", () => {
  let project: TempProject;
  let edge: EdgeProcess;
  let browser: Browser;

  beforeAll(async () => {
    project = await createSiteProject();
    [edge, browser] = await Promise.all([
      startEdge(project.root, { publish: true }),
      chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }),
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    await edge?.stop();
    await project?.dispose();
  });

  it.each(
    PAGES.flatMap(([name, path, status]) => WIDTHS.map((width) => ({ name, path, status, width }))),
  )(
    "the page $name fits $width pixels, shows its heading and has nothing to complain of",
    async ({ name, path, status, width }) => {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      try {
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
        page.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) complaints.push(message.text());
        });
        const hosts = new Set<string>();
        page.on("request", (request) => hosts.add(new URL(request.url()).origin));

        const response = await page.goto(`${edge.viewerUrl}${path}`, { waitUntil: "load" });
        const heading = page.locator("h1");
        const shown = await heading.isVisible();
        const [content, window] = (await page.evaluate(
          "[document.documentElement.scrollWidth, innerWidth]",
        )) as [number, number];
        await keepPicture(page, `${name}-${width}`);

        expect(response?.status()).toBe(status);
        expect(shown).toBe(true);
        expect((await heading.innerText()).trim()).not.toBe("");
        expect(content).toBeLessThanOrEqual(window);
        // Chromium itself reports the status of a missing page.
        expect(complaints.filter((text) => status === 200 || !text.includes("404"))).toEqual([]);
        expect([...hosts]).toEqual([edge.viewerUrl]);
      } finally {
        await context.close();
      }
    },
  );

  it("a visitor without JavaScript can read an article, and follow its links by keyboard", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    try {
      const page = await context.newPage();
      await page.goto(`${edge.viewerUrl}/blog/`);
      const link = page.locator("main a[href^='/blog/']").first();
      const target = await link.getAttribute("href");
      await link.focus();
      await Promise.all([
        page.waitForURL(`${edge.viewerUrl}${target}`),
        page.keyboard.press("Enter"),
      ]);
      expect(await page.locator("main p").count()).toBeGreaterThan(3);
    } finally {
      await context.close();
    }
  });
});

async function keepPicture(
  page: { screenshot(options: { path: string; fullPage: boolean }): Promise<unknown> },
  name: string,
): Promise<void> {
  const folder = process.env.SLIPWAY_SHOTS;
  if (folder === undefined || folder === "") return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
