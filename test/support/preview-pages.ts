import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";

/** Builds the preview of a project, which has the pages that are not published. Returns its folder. */
export async function buildPreview(root: string): Promise<string> {
  await promisify(execFile)(process.execPath, ["site/start.js", "build", "--drafts"], {
    cwd: root,
  });
  return join(root, "_site.preview");
}

/**
 * Lets a tab have, at the address of a site, what only its preview has: the style guide and its images,
 * with the policy that the preview was built with.
 */
export async function servePreview(page: Page, folder: string): Promise<void> {
  const headers = await readFile(join(folder, "_headers"), "utf8");
  const [, policy = ""] = /Content-Security-Policy: (.*)/.exec(headers) ?? [];
  await page.route(/\/style-guide\/$|\/assets\/images\/sketch/, async (route) => {
    const { pathname } = new URL(route.request().url());
    const path = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    await stat(path);
    await route.fulfill({ path, headers: { "content-security-policy": policy } });
  });
}
