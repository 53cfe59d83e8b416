import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { send } from "../support/http-client.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createSiteProject, type TempProject } from "../support/temp-project.ts";

/**
 * The operator's view as the operator meets it: in a browser, beside a running edge.
 * SLIPWAY_SHOTS=FOLDER keeps a picture of it.
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

const LOOKS = [390, 1440].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

describe.skipIf(!installed || !runsSlow("the operator's view in a browser takes 15 s"))(
  "the operator's view in a browser",
  () => {
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

    /** Opens the view, lets `look` look at it, and expects that the browser had nothing to complain of. */
    async function withView(
      options: BrowserContextOptions & { readonly path?: string },
      look: (page: Page) => Promise<void>,
    ): Promise<void> {
      const { path = "", ...contextOptions } = options;
      const context = await browser.newContext(contextOptions);
      const complaints: string[] = [];
      try {
        const page = await context.newPage();
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("console", (message) => complaints.push(message.text()));
        page.on("request", (request) => {
          if (!request.url().startsWith(`${edge.viewerUrl}/__slipway`))
            complaints.push(request.url());
        });
        await page.goto(`${edge.viewerUrl}/__slipway${path}`, { waitUntil: "load" });
        await look(page);
      } finally {
        await context.close();
      }
      expect(complaints).toEqual([]);
    }

    it.each(LOOKS)("fits $width pixels in $colorScheme colours", async ({ width, colorScheme }) => {
      const options = { viewport: { width, height: 900 }, colorScheme, path: "?url=/blog" };
      await withView(options, async (page) => {
        const [content, window] = (await page.evaluate(
          "[document.documentElement.scrollWidth, innerWidth]",
        )) as [number, number];
        expect(content).toBeLessThanOrEqual(window);
        expect(await page.locator("h1").innerText()).toBe("Operator’s view");
        expect(await page.locator(".release.is-live").count()).toBe(1);
        await keepPicture(page, `operator-view-${width}-${colorScheme}`);
      });
    });

    it("answers a question that is asked with the keyboard alone", async () => {
      await withView({}, async (page) => {
        await page.keyboard.press("Tab");
        expect(await page.evaluate("document.activeElement.className")).toBe("skip");
        for (let tabs = 0; tabs < 50; tabs++) {
          if ((await page.evaluate("document.activeElement.id")) === "ask-url") break;
          await page.keyboard.press("Tab");
        }
        await page.keyboard.type("/blog");
        await page.keyboard.press("Enter");
        await page.locator(".verdict").waitFor();
        expect(await page.locator(".verdict").innerText()).toBe("301 Moved Permanently");
        expect(await page.locator(".answer .facts").innerText()).toMatch(/location\s+\/blog\//);
        expect(await page.evaluate("document.activeElement.id")).toBe("outcome");
        expect(page.url()).toContain("?url=%2Fblog&");

        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        expect(await page.locator(".step details[open]").count()).toBe(1);
      });
    });

    it("shows a request soon after it was made, and leaves what the reader has opened", async () => {
      await withView({}, async (page) => {
        const details = page.locator("#changes details").first();
        const wasOpen = (await details.getAttribute("open")) !== null;
        await details.locator("summary").click();
        const path = "/asked-while-watching.html";
        const row = page.locator(`tr[data-key="${path}"]`);
        await send(edge.viewerUrl, path);
        await row.waitFor();
        await send(edge.viewerUrl, path);
        await row.locator("td.errors", { hasText: "2" }).waitFor();
        expect((await details.getAttribute("open")) !== null).toBe(!wasOpen);
      });
    });

    it("says the same without JavaScript", async () => {
      await withView({ javaScriptEnabled: false }, async (page) => {
        expect(await page.locator(".release").count()).toBe(1);
        await page.getByLabel("URL or path").fill("/blog/");
        await page.getByLabel("Method").selectOption("HEAD");
        await page.getByRole("button", { name: "Ask" }).click();
        await page.locator(".verdict").waitFor();
        expect(await page.locator(".verdict").innerText()).toBe("200 OK");
        expect(await page.getByLabel("Method").inputValue()).toBe("HEAD");
      });
    });

    const axe = findAxe();
    it.skipIf(axe === undefined).each(LOOKS)(
      "has nothing that axe finds wrong at $width pixels in $colorScheme colours",
      async ({ width, colorScheme }) => {
        // The page's own policy lets no script in but its own.
        const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
        await withView({ ...options, path: "?url=/blog/" }, async (page) => {
          await page
            .locator("summary")
            .evaluateAll("all => all.forEach((it) => (it.parentElement.open = true))");
          await page.addScriptTag({ path: axe ?? "" });
          const found = await page.evaluate(
            "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))",
          );
          expect(found).toEqual([]);
        });
      },
    );

    it("says when its edge has ended", async () => {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`${edge.viewerUrl}/__slipway`);
        await page.locator("#connection[data-state=live]").waitFor();
        await edge.stop();
        await page.locator("#connection", { hasText: "The edge does not answer" }).waitFor();
      } finally {
        await context.close();
      }
    });
  },
);

function findAxe(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  } catch {
    console.log("skipped: axe-core is not installed");
    return undefined;
  }
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SLIPWAY_SHOTS;
  if (folder === undefined || folder === "") return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
