import { readdirSync, readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, hasBrowser, launchBrowser, watch } from "../support/browser.ts";
import { eventually } from "../support/eventually.ts";
import { findFreePorts, occupyPort } from "../support/free-ports.ts";
import { type ScriptProcess, startScript } from "../support/script-process.ts";
import { createSiteProject, type TempProject } from "../support/temp-project.ts";

const hasChromium = hasBrowser();

/** `npm start` on a laptop: the site, the edge in front of it, and the registration behind it. */
describe("npm start", () => {
  let project: TempProject;
  let start: ScriptProcess;
  let browser: Browser | undefined;
  let site: string;
  let port: number;

  beforeAll(async () => {
    project = await createSiteProject();
    port = await findFreePorts(3);
    start = startScript("scripts/start.ts", {
      cwd: project.root,
      args: ["--port", String(port)],
    });
    if (hasChromium) browser = await launchBrowser();
    await start.says(/View {2}/, 90);
    site = `http://127.0.0.1:${port}`;
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    start?.signal("SIGKILL");
    await start?.ended;
    await project?.dispose();
  });

  /** The link in the newest mail of a kind to an address; waits for it. */
  async function linkTo(address: string, kind: "confirm" | "erase"): Promise<string> {
    const folder = project.path(".slipway/api/mail");
    return await eventually(
      () => {
        const names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
        const mails = names
          .filter((name) => name.includes(`-${kind}-`))
          .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
          .filter((text) => text.includes(`To: ${address}`));
        return /^http\S+#[\w-]{43}$/m.exec(mails.at(-1) ?? "")?.[0];
      },
      { seconds: 10, describe: () => `no ${kind} mail to ${address} in ${folder}` },
    );
  }

  it("says where registrations are taken, where the mails are, and that events wait", async () => {
    expect(start.said()).toContain(`The API for registrations is at http://127.0.0.1:${port + 2}`);
    expect(start.said()).toContain("Mails are in .slipway/api/mail");
    expect(start.said()).toContain("there is no AMQP_URL");
    const ready = await fetch(`${site}/api/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { status: "degraded", broker: "not-configured" },
    ]);
  });

  describe.skipIf(!hasChromium)("in a browser", () => {
    async function inTab(
      options: Parameters<Browser["newContext"]>[0],
      use: (page: Page, context: BrowserContext) => Promise<void>,
    ): Promise<void> {
      const context = await (browser as Browser).newContext(options);
      try {
        await use(await context.newPage(), context);
      } finally {
        await context.close();
      }
    }

    it("a visitor registers, confirms by the link in the mail, and leaves, all by keyboard", async () => {
      await inTab({}, async (page) => {
        const watched = watch(page);
        await page.goto(`${site}/register/`);
        await page.getByLabel("Email address").focus();
        await page.keyboard.type("ada@example.com");
        await page.keyboard.press("Enter");
        await page.waitForURL(`${site}/register/thanks/`);
        expect(await axeFindings(page, "everything")).toEqual([]);

        await page.goto(await linkTo("ada@example.com", "confirm"));
        const confirm = page.getByRole("button", { name: "Confirm my address" });
        await page.getByText("The code from our mail is filled in").waitFor();
        // The code has left the address, and nothing was redeemed without a press.
        expect(page.url()).toBe(`${site}/register/confirm/`);
        expect(await axeFindings(page, "everything")).toEqual([]);
        await confirm.focus();
        await page.keyboard.press("Enter");
        await page.waitForURL(`${site}/register/confirmed/`);
        expect(await axeFindings(page, "everything")).toEqual([]);

        await page.goto(`${site}/register/leave/`);
        expect(await axeFindings(page, "everything")).toEqual([]);
        await page.getByLabel("Email address").fill("ada@example.com");
        await page.keyboard.press("Enter");
        await page.waitForURL(`${site}/register/leave/asked/`);
        expect(await axeFindings(page, "everything")).toEqual([]);

        await page.goto(await linkTo("ada@example.com", "erase"));
        await page.getByText("One press, and we have forgotten you").waitFor();
        expect(await axeFindings(page, "everything")).toEqual([]);
        await page.getByRole("button", { name: "Erase it" }).press("Enter");
        await page.waitForURL(`${site}/register/left/`);
        expect(await axeFindings(page, "everything")).toEqual([]);
        expect(watched.takeComplaints()).toEqual([]);
        expect(watched.takeOrigins()).toEqual([site]);
      });
    });

    it("the same without JavaScript, with the code copied out of the mail", async () => {
      await inTab({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`${site}/register/`);
        await page.getByLabel("Email address").fill("bob@example.com");
        await page.getByRole("button", { name: "Register" }).click();
        await page.waitForURL(`${site}/register/thanks/`);

        const confirm = await linkTo("bob@example.com", "confirm");
        const [, code = ""] = confirm.split("#");
        await page.goto(confirm);
        await page.getByLabel("Code from the mail").fill("not the code");
        await page.getByRole("button", { name: "Confirm my address" }).click();
        await page.waitForURL(`${site}/register/confirm/#code-refused`);
        expect(await page.getByText("This code was used before").isVisible()).toBe(true);
        expect(await page.getByText("We could not read").isVisible()).toBe(false);
        await page.getByLabel("Code from the mail").fill(` ${code} `);
        await page.getByRole("button", { name: "Confirm my address" }).click();
        await page.waitForURL(`${site}/register/confirmed/`);

        await page.goto(`${site}/register/leave/`);
        await page.getByLabel("Email address").fill("bob@example.com");
        await page.getByRole("button", { name: "Send me the code" }).click();
        await page.waitForURL(`${site}/register/leave/asked/`);
        const erase = await linkTo("bob@example.com", "erase");
        await page.goto(erase);
        await page.getByLabel("Code from the mail").fill(erase.split("#")[1] ?? "");
        await page.getByRole("button", { name: "Erase it" }).click();
        await page.waitForURL(`${site}/register/left/`);
      });
    });

    it("says beside the field, and to a screen reader, what is wrong with an address", async () => {
      await inTab({}, async (page) => {
        await page.goto(`${site}/register/`);
        const field = page.getByLabel("Email address");
        await field.fill("ada");
        await page.keyboard.press("Enter");
        const error = page.locator("#email-error");
        expect(await error.innerText()).toContain("has an @ in it");
        expect(await error.getAttribute("aria-live")).toBe("polite");
        expect(await field.getAttribute("aria-invalid")).toBe("true");
        expect(await page.evaluate("document.activeElement.id")).toBe("email");
        expect(await axeFindings(page, "everything")).toEqual([]);
        await field.fill("ada@example.com");
        expect(await error.innerText()).toBe("");
        expect(await field.getAttribute("aria-invalid")).toBeNull();
      });
    });

    it("shows what the server refuses, moves the focus there, and can be tried again", async () => {
      await inTab({}, async (page) => {
        const answers = [429, 503, 422] as const;
        let asked = 0;
        await page.route("**/api/v1/registrations", (route) => {
          const status = answers[asked++] ?? 202;
          const body = JSON.stringify({ detail: "We know no such host." });
          return route.fulfill({ status, body, contentType: "application/problem+json" });
        });
        await page.goto(`${site}/register/`);
        await page.getByLabel("Email address").fill("ada@example.com");
        const press = () => page.getByRole("button", { name: "Register" }).press("Enter");
        const focused = () => page.evaluate("document.activeElement.id");
        for (const [text, id] of [
          ["too many tries came from your connection", "too-often"],
          ["We could not store that just now", "not-now"],
          ["We know no such host.", "email"],
        ] as const) {
          await press();
          await page.getByText(text).waitFor({ state: "visible" });
          expect(await focused()).toBe(id);
          expect(await axeFindings(page, "everything")).toEqual([]);
        }
        await press();
        await page.waitForURL(`${site}/register/thanks/`);
      });
    });

    it("hides the trap for machines from eye, keyboard and screen reader", async () => {
      await inTab({}, async (page) => {
        await page.goto(`${site}/register/`);
        expect(await page.getByRole("textbox").count()).toBe(1);
        await page.getByLabel("Email address").focus();
        await page.keyboard.press("Tab");
        expect(await page.evaluate("document.activeElement.tagName")).toBe("BUTTON");
        const box = await page.locator("input[name=website]").boundingBox();
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(0);
      });
    });
  });

  it("ends in order with Ctrl-C, and leaves no port open", async () => {
    start.signal("SIGINT");
    expect(await start.ended).toBe(0);
    for (const taken of [port, port + 1, port + 2]) {
      const listener = await occupyPort(taken);
      await listener.release();
    }
  });

  it("names a port that is taken, and what to do", async () => {
    const first = await findFreePorts(3);
    const other = await occupyPort(first + 2);
    const second = startScript("scripts/start.ts", {
      cwd: project.root,
      args: ["--port", String(first)],
    });
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain(`port ${first + 2} is taken by another program`);
    await other.release();
  });
});
