import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, hasBrowser, launchBrowser, type Watch, watch } from "../support/browser.ts";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { keyboardFaults } from "../support/keyboard.ts";
import { buildPreview, servePreview } from "../support/preview-pages.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { visitInTabs } from "../support/tabs.ts";
import { createSiteProject, type TempProject } from "../support/temp-project.ts";

/**
 * What a visitor's browser makes of the published site: every page on a phone, a tablet and a desk, in
 * light and dark, by mouse and by keyboard. SLIPWAY_SHOTS=FOLDER keeps a picture of each.
 */

/** Every element of an article: a page that is built and not published. */
const STYLE_GUIDE = "/style-guide/";

/** The pages of the everyday form: one of each kind. */
const EVERYDAY = [
  "/",
  "/404.html",
  "/about/",
  "/blog/",
  "/blog/no-torn-releases/",
  "/register/",
  "/search/",
  "/services/",
  STYLE_GUIDE,
];

/** A phone, a tablet, a desk. */
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
  let preview: string;

  beforeAll(async () => {
    project = await createSiteProject();
    [edge, browser] = await Promise.all([
      startEdge(project.root, { publish: true }),
      launchBrowser(),
    ]);
    const files = [...(await project.digests("_site")).keys()];
    pages = files
      .filter((name) => name.endsWith(".html"))
      .map((name) => `/${name.replace(/(^|\/)index\.html$/, "$1")}`)
      .concat(STYLE_GUIDE);
    preview = await buildPreview(project.root);
  });

  afterAll(async () => {
    await browser?.close();
    await edge?.stop();
    await project?.dispose();
  });

  async function inContext<Result>(
    options: Parameters<Browser["newContext"]>[0],
    use: (context: BrowserContext) => Promise<Result>,
  ): Promise<Result> {
    const context = await browser.newContext(options);
    try {
      await context.addInitScript(COUNT_SHIFTS);
      return await use(context);
    } finally {
      await context.close();
    }
  }

  /** One tab for a whole test: `use` gets it with a watch on what it complains of. */
  function inTab<Result>(
    options: Parameters<Browser["newContext"]>[0],
    use: (page: Page, watched: Watch, context: BrowserContext) => Promise<Result>,
  ): Promise<Result> {
    return inContext(options, async (context) => {
      const page = await context.newPage();
      return await use(page, watch(page), context);
    });
  }

  const wanted = () => (isWhole ? pages : EVERYDAY);

  /** What `visit` says of each page that is looked at, with the page's address in front. */
  function faultsOfAll(
    options: Parameters<Browser["newContext"]>[0],
    visit: (page: Page, path: string, watched: Watch) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    return inContext(options, (context) =>
      visitInTabs(context, wanted(), async (page, watched, path) => {
        if (path === STYLE_GUIDE) await servePreview(page, preview);
        const faults = await visit(page, path, watched);
        return faults.map((fault) => `${path}: ${fault}`);
      }),
    );
  }

  const viewport = (width: number) => ({ viewport: { width, height: 900 } });

  it("has all the pages that the everyday form of this test looks at", () => {
    expect(pages).toEqual(expect.arrayContaining(EVERYDAY));
  });

  it.each(isWhole ? WIDTHS : WIDTHS.filter((width) => width !== 768))(
    "finds nothing to complain of on any page at %i pixels, in light and dark",
    { timeout: 300_000 },
    async (width) => {
      const keyboard = KEYBOARD_WIDTHS.includes(width) && (isWhole || width === 390);
      const styles = await stylesIn(wanted());
      const faults = await faultsOfAll(viewport(width), async (page, path, watched) => [
        ...(await faultsOf(page, watched, { path, keyboard })),
        ...(width === 390 ? await faultsOfLongWords(page) : []),
        ...(width === 1440 ? await faultsOfStyle(page, styles) : []),
      ]);
      expect(faults).toEqual([]);
    },
  );

  async function faultsOf(
    page: Page,
    watched: Watch,
    { path, keyboard }: { readonly path: string; readonly keyboard: boolean },
  ): Promise<readonly string[]> {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
    const response = await page.goto(edge.viewerUrl + path, { waitUntil: "networkidle" });
    const due = ANSWERS.get(path) ?? 200;
    const status = response?.status() ?? 0;
    const faults = status === due ? [] : [`was answered with ${status}`];
    faults.push(...(await layoutFaults(page)), ...(await axeFindings(page, "everything")));
    await keepPicture(page, `${path}-light`);
    // Without motion the colours of the night are there at once.
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    faults.push(...(await axeFindings(page, "colours")).map((fault) => `in the dark, ${fault}`));
    await keepPicture(page, `${path}-dark`);
    if (keyboard) faults.push(...(await keyboardFaults(page)));
    // Chromium itself reports the status of a page that says something is missing.
    const isOurs = (text: string) => due === 200 || !text.includes(`status of ${due}`);
    faults.push(...watched.takeComplaints().filter(isOurs));
    const others = watched.takeOrigins().filter((origin) => origin !== edge.viewerUrl);
    return [...faults, ...others.map((origin) => `asks ${origin} for something`)];
  }

  /** The text of each different style that these pages carry. */
  async function stylesIn(paths: readonly string[]): Promise<readonly string[]> {
    const styles = paths.map(async (path) => {
      const folder = path === STYLE_GUIDE ? "_site.preview" : "_site";
      const html = await project.read(`${folder}${path.replace(/\/$/, "/index.html")}`);
      return /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? "";
    });
    return [...new Set(await Promise.all(styles))];
  }

  it("stays where it is when the end of a short page comes late", async () => {
    const html = await project.read("_site/410.html");
    const half = html.indexOf("<nav", html.indexOf("<footer"));
    expect(half).toBeGreaterThan(0);
    const server = createServer((request, response) => {
      if (request.url !== "/") return response.writeHead(204).end();
      response.writeHead(200, { "content-type": "text/html" }).write(html.slice(0, half));
      return setTimeout(() => response.end(html.slice(half)), 500);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = server.address() as AddressInfo;
      await inTab(viewport(390), async (page) => {
        await page.goto(`http://127.0.0.1:${port}/`);
        expect(await layoutFaults(page)).toEqual([]);
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("shows marked code in forced colours as it shows other code", async () => {
    await inTab({ forcedColors: "active", colorScheme: "dark" }, async (page) => {
      await servePreview(page, preview);
      await page.goto(edge.viewerUrl + STYLE_GUIDE);
      const [marked, plain, ground] = await page.evaluate<string[]>(`[
        getComputedStyle(document.querySelector(".code-mark .token")).color,
        getComputedStyle(document.querySelector(".code code")).color,
        getComputedStyle(document.querySelector(".code-mark")).backgroundColor,
      ]`);
      expect(marked).toBe(plain);
      expect(marked).not.toBe(ground);
    });
  });

  it("copies a block of code by its button, and says so to everybody", async () => {
    await inTab(viewport(390), async (page, watched, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"], {
        origin: edge.viewerUrl,
      });
      await page.goto(`${edge.viewerUrl}/blog/four-rabbitmq-exchange-types/`);
      const block = page.locator(".code").nth(1);
      const said = page.locator("body > [role=status]");
      const code = await block.locator("code").evaluate((element) => element.textContent);
      expect(code).toContain("\n");
      expect(await said.textContent()).toBe("");

      await block.getByRole("button", { name: "Copy", exact: true }).click();
      await said.filter({ hasText: "Copied" }).waitFor({ state: "attached" });
      expect(await block.getByRole("button").innerText()).toBe("Copied");
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(code);

      await block.getByRole("button", { name: "Copy", exact: true }).waitFor();
      expect(await said.textContent()).toBe("");
      await page.evaluate("navigator.clipboard.writeText('something else')");
      // The code itself is a stop before its button: it can be scrolled.
      await block.locator("pre").focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await said.filter({ hasText: "Copied" }).waitFor({ state: "attached" });
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(code);
      expect(await page.locator(":focus").innerText()).toBe("Copied");
      expect(watched.takeComplaints()).toEqual([]);
    });
  });

  it("says that code was not copied where the browser does not allow it", async () => {
    await inTab(viewport(1440), async (page, watched, context) => {
      await context.addInitScript(
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))",
      );
      await page.goto(`${edge.viewerUrl}/blog/four-rabbitmq-exchange-types/`);
      await page.locator(".code button").first().click();
      await page.locator("[role=status]", { hasText: "Not copied" }).waitFor({ state: "attached" });
      expect(watched.takeComplaints()).toEqual([]);
    });
  });

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

/** A word of every length, in the places where people write titles. */
const LENGTHEN_WORDS = `
  for (const element of document.querySelectorAll("h1, h2, h3, h4, a, p.label, .button")) {
    if (element.children.length === 0) element.textContent = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk";
  }
`;

/** Selectors of all these styles that fit something on the page, and are not in the style of its own. */
function missingRules(styles: readonly string[]): string {
  return `(() => {
    const selectorsOf = (rules) => [...rules].flatMap((rule) =>
      rule.selectorText === undefined ? selectorsOf(rule.cssRules ?? []) : [rule.selectorText]);
    const own = new Set(selectorsOf(document.styleSheets[0].cssRules));
    const fits = (selector) => {
      const element = selector.replace(/::?(?:before|after|marker|hover|focus|focus-visible|selection)\\b/g, "");
      return document.querySelector(element) !== null;
    };
    return ${JSON.stringify(styles)}.flatMap((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return selectorsOf(sheet.cssRules).filter((selector) => !own.has(selector) && fits(selector));
    });
  })()`;
}

/** A4 on its side, in CSS pixels, without its margins. */
const LANDSCAPE_SHEET = { width: 1047, height: 720 };

/** Widths that are exceeded with words that do not end. */
async function faultsOfLongWords(page: Page): Promise<readonly string[]> {
  await page.evaluate(LENGTHEN_WORDS);
  return await widthFaults(page, "with long words");
}

/**
 * What is wrong with a page on paper, which has no margin for what is wide, and with letters of twice the size;
 * and rules of other styles that it should have.
 */
async function faultsOfStyle(page: Page, styles: readonly string[]): Promise<readonly string[]> {
  const missing: readonly string[] = await page.evaluate(missingRules(styles));
  await page.emulateMedia({ media: "print", reducedMotion: "reduce" });
  await page.setViewportSize(LANDSCAPE_SHEET);
  const inPrint = await widthFaults(page, "in print");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ media: "screen", reducedMotion: "reduce" });
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  const size = await page.evaluate("getComputedStyle(document.documentElement).fontSize");
  const enlarged = await widthFaults(page, "with large text");
  await devTools.send("Page.setFontSizes", { fontSizes: { standard: 16, fixed: 13 } });
  await devTools.detach();
  return [
    ...missing.map((rule) => `has no style for ${rule}`),
    ...inPrint,
    ...(size === "32px" ? [] : ["does not follow the browser's size of text"]),
    ...enlarged,
  ];
}

async function widthFaults(page: Page, when: string): Promise<readonly string[]> {
  const { content, window }: Measures = await page.evaluate(MEASURE);
  return content > window ? [`is ${content - window} pixels too wide ${when}`] : [];
}

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
