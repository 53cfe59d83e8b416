import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, hasBrowser, launchBrowser, type Watch, watch } from "../support/browser.ts";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { keyboardFaults } from "../support/keyboard.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createSiteProject, type TempProject } from "../support/temp-project.ts";

/**
 * What a visitor's browser makes of the published site: every page on a phone, a tablet and a desk, in
 * light and dark, by mouse and by keyboard. SLIPWAY_SHOTS=FOLDER keeps a picture of each.
 */

/** The pages of the everyday form: one of each kind. */
const EVERYDAY = [
  "/",
  "/404.html",
  "/blog/",
  "/blog/no-torn-releases/",
  "/register/",
  "/search/",
  "/services/",
];

const WIDTHS = [390, 768, 1440] as const;

/** Every page is looked through by keyboard at these widths; the third has nothing of its own. */
const KEYBOARD_WIDTHS: readonly number[] = [390, 1440];

/** Layout that moves without the visitor's doing, as browsers score it: 0.1 is their "good". */
const MOST_SHIFT = 0.01;

const installed = hasBrowser();
const isWhole =
  installed && runsSlow("every page in a browser takes minutes, one of each kind seconds");

/** Pages that are told with a status of their own. */
const ANSWERS: ReadonlyMap<string, number> = new Map([
  ["/404.html", 404],
  ["/410.html", 410],
]);

/** Collects what the layout moved, from the first paint on. */
const COUNT_SHIFTS = `
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
`;

describe.skipIf(!installed)("The published site, in a browser", () => {
  let project: TempProject;
  let edge: EdgeProcess;
  let browser: Browser;
  let pages: readonly string[];

  beforeAll(async () => {
    project = await createSiteProject();
    [edge, browser] = await Promise.all([
      startEdge(project.root, { publish: true }),
      launchBrowser(),
    ]);
    const files = [...(await project.digests("_site")).keys()];
    pages = files
      .filter((name) => name.endsWith(".html"))
      .map((name) => `/${name.replace(/(^|\/)index\.html$/, "$1")}`);
  });

  afterAll(async () => {
    await browser?.close();
    await edge?.stop();
    await project?.dispose();
  });

  /** One tab for a whole test: `use` gets it with a watch on what it complains of. */
  async function inTab<Result>(
    options: Parameters<Browser["newContext"]>[0],
    use: (page: Page, watched: Watch, context: BrowserContext) => Promise<Result>,
  ): Promise<Result> {
    const context = await browser.newContext(options);
    try {
      await context.addInitScript(COUNT_SHIFTS);
      const page = await context.newPage();
      return await use(page, watch(page), context);
    } finally {
      await context.close();
    }
  }

  const viewport = (width: number) => ({ viewport: { width, height: 900 } });

  it("has all the pages that the everyday form of this test looks at", () => {
    expect(pages).toEqual(expect.arrayContaining(EVERYDAY));
  });

  it.each(WIDTHS)(
    "finds nothing to complain of on any page at %i pixels, in light and dark",
    { timeout: 300_000 },
    async (width) => {
      const faults = await inTab(viewport(width), async (page, watched) => {
        const found: string[] = [];
        for (const path of isWhole ? pages : EVERYDAY) {
          const keyboard = KEYBOARD_WIDTHS.includes(width) && (isWhole || width === 390);
          const onPage = await faultsOf(page, watched, { path, keyboard });
          found.push(...onPage.map((fault) => `${path}: ${fault}`));
        }
        return found;
      });
      expect(faults).toEqual([]);
    },
  );

  async function faultsOf(
    page: Page,
    watched: Watch,
    { path, keyboard }: { readonly path: string; readonly keyboard: boolean },
  ): Promise<readonly string[]> {
    await page.emulateMedia({ colorScheme: "light" });
    const response = await page.goto(edge.viewerUrl + path, { waitUntil: "networkidle" });
    const wanted = ANSWERS.get(path) ?? 200;
    const status = response?.status() ?? 0;
    const faults = status === wanted ? [] : [`was answered with ${status}`];
    faults.push(...(await layoutFaults(page)), ...(await axeFindings(page, "everything")));
    await keepPicture(page, `${path}-light`);
    await page.emulateMedia({ colorScheme: "dark" });
    faults.push(...(await axeFindings(page, "colours")).map((fault) => `in the dark, ${fault}`));
    await keepPicture(page, `${path}-dark`);
    if (keyboard) faults.push(...(await keyboardFaults(page)));
    // Chromium itself reports the status of a page that says something is missing.
    const isOurs = (text: string) => wanted === 200 || !text.includes(`status of ${wanted}`);
    faults.push(...watched.takeComplaints().filter(isOurs));
    const others = watched.takeOrigins().filter((origin) => origin !== edge.viewerUrl);
    return [...faults, ...others.map((origin) => `asks ${origin} for something`)];
  }

  it("can be read without JavaScript, and its links followed by keyboard", async () => {
    await inTab({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${edge.viewerUrl}/blog/`);
      const link = page.locator("main a[href^='/blog/']").first();
      const target = await link.getAttribute("href");
      await link.focus();
      await Promise.all([
        page.waitForURL(`${edge.viewerUrl}${target}`),
        page.keyboard.press("Enter"),
      ]);
      expect(await page.locator("main p").count()).toBeGreaterThan(3);
    });
  });

  it("fetches a page while the pointer rests on its link, and shows it from there", async () => {
    await inTab(viewport(1440), async (page, watched) => {
      await page.goto(edge.viewerUrl, { waitUntil: "networkidle" });
      const link = page.locator("header").getByRole("link", { name: "Services" });
      await link.hover();
      await page.waitForTimeout(1_000);
      await link.click();
      await page.waitForURL(`${edge.viewerUrl}/services/`);
      const from = "performance.getEntriesByType('navigation')[0].deliveryType";
      expect(await page.evaluate(from)).toBe("navigational-prefetch");
      expect(watched.takeComplaints()).toEqual([]);
    });
  });

  it("finds an article while one types, and can be gone back to", async () => {
    await inTab(viewport(390), async (page, watched) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(edge.viewerUrl, { waitUntil: "networkidle" });
      expect(asked.filter((path) => path.endsWith(".js") || path === "/search.json")).toEqual([]);
      await page.locator("header").getByRole("link", { name: "Search" }).click();
      await page.waitForURL(`${edge.viewerUrl}/search/`);
      await page.waitForLoadState("networkidle");
      expect(asked).not.toContain("/search.json");

      await page.keyboard.type("outbax");
      const first = page.locator("#search-results a").first();
      expect(await first.innerText()).toBe("The transactional outbox in 60 lines");
      expect(await page.getByRole("status").innerText()).toMatch(/^\d+ pages? fits? “outbax”\.$/);
      expect(await page.locator("#everything").isVisible()).toBe(false);
      expect(await page.locator("#search-results mark").first().innerText()).toBe("outbox");
      expect(await axeFindings(page, "everything")).toEqual([]);

      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/blog/transactional-outbox-in-60-lines/");
      await page.goBack();
      expect(await page.locator("input[name=q]").inputValue()).toBe("outbax");
      expect(await first.innerText()).toBe("The transactional outbox in 60 lines");

      await page.locator("input[name=q]").fill("qqqq");
      await page.getByText("Nothing fits “qqqq”. Here is everything.").waitFor();
      expect(await page.locator("#everything").isVisible()).toBe(true);
      expect(asked.filter((path) => path === "/search.json").length).toBeLessThanOrEqual(2);
      expect(watched.takeComplaints()).toEqual([]);
    });
  });

  it("says so when the index cannot be had, and has everything in a list", async () => {
    await inTab(viewport(1440), async (page) => {
      await page.route("**/search.json", (route) => route.abort());
      await page.goto(`${edge.viewerUrl}/search/?q=outbox`);
      await page.getByText("The search could not be loaded.").waitFor();
      expect(await page.locator("#everything a[href^='/blog/']").count()).toBeGreaterThan(5);
    });
  });

  it("lists everything on its search page without JavaScript, and says why", async () => {
    await inTab({ javaScriptEnabled: false, ...viewport(390) }, async (page) => {
      await page.goto(`${edge.viewerUrl}/search/?q=outbox`);
      expect(await page.locator("form").isVisible()).toBe(false);
      expect(await page.locator("noscript").innerText()).toContain("your browser runs none");
      expect(await page.locator("noscript").isVisible()).toBe(true);
      const posts = pages.filter((path) => /^\/blog\/[a-z0-9-]+\/$/.test(path));
      for (const path of posts) {
        expect(await page.locator(`#everything a[href="${path}"]`).count(), path).toBe(1);
      }
    });
  });

  it.each([
    ["with a slip in it", "/blog/no-torn-relaeses/", "Deploy a static site without torn releases"],
    ["in another folder", "/articles/2024/rabbitmq-exchange", "Four RabbitMQ exchange types"],
    ["that is like nothing", "/%E0%A4%A", "Making Eleventy builds fast"],
  ])("suggests the nearest page for an address %s", async (_name, path, title) => {
    await inTab(viewport(1440), async (page) => {
      const response = await page.goto(edge.viewerUrl + path, { waitUntil: "networkidle" });
      if (response?.status() === 400) return;
      expect(response?.status()).toBe(404);
      const suggestions = page.locator("[data-suggestions] h3");
      expect(await suggestions.count()).toBe(3);
      expect(await suggestions.first().innerText()).toContain(title);
      const { shift }: Measures = await page.evaluate(MEASURE);
      expect(shift).toBeLessThanOrEqual(MOST_SHIFT);
    });
  });

  it("leads from the field of the 404 page to what was looked for", async () => {
    await inTab(viewport(390), async (page) => {
      await page.goto(`${edge.viewerUrl}/nothing-here`);
      await page.locator("input[name=q]").fill("cache");
      await page.keyboard.press("Enter");
      await page.waitForURL(`${edge.viewerUrl}/search/?q=cache`);
      const first = page.locator("#search-results a").first();
      expect(await first.innerText()).toContain("Cache-Control");
    });
  });
});

type Measures = {
  readonly content: number;
  readonly window: number;
  readonly shift: number;
  readonly heading: string;
};

const MEASURE = `({
  content: document.documentElement.scrollWidth,
  window: innerWidth,
  shift: window.shift,
  heading: document.querySelector("h1")?.innerText.trim() ?? "",
})`;

async function layoutFaults(page: Page): Promise<readonly string[]> {
  const { content, window, shift, heading }: Measures = await page.evaluate(MEASURE);
  return [
    ...(heading === "" ? ["shows no heading"] : []),
    ...(content > window ? [`is ${content - window} pixels too wide`] : []),
    ...(shift > MOST_SHIFT ? [`moves by ${shift}`] : []),
  ];
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SLIPWAY_SHOTS;
  if (folder === undefined || folder === "") return;
  await mkdir(folder, { recursive: true });
  const width = page.viewportSize()?.width;
  const file = `${name.replace(/^\/|\/(?=-)/g, "").replaceAll("/", "-")}-${width}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: true });
}
