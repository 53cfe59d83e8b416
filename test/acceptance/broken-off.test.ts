import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { type EdgeProcess, launchCli, startEdge } from "../support/cli-process.ts";
import { connectToEdge, type EdgeClients } from "../support/edge-clients.ts";
import { eventually } from "../support/eventually.ts";
import { send } from "../support/http-client.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** Deploys that do not come to their end, and what the next one makes of it. */

/** Enough for a deploy to be caught at work. */
const PAGES = 700;

let project: TempProject;
let edge: EdgeProcess;
let clients: EdgeClients;
let edition = 0;

beforeAll(async () => {
  project = await createTinyProject({});
  edge = await startEdge(project.root);
  clients = await connectToEdge(project.root);
});

afterAll(async () => {
  clients?.close();
  await edge?.stop();
  await project?.dispose();
});

/** Every page of the site is another one than before. */
beforeEach(async () => {
  edition += 1;
  const names = ["index.html", ...Array.from({ length: PAGES }, (_, i) => `page-${i}.html`)];
  await Promise.all(names.map((name) => project.write(`_site/${name}`, pageText(name))));
});

function pageText(name: string): string {
  return `<h1>${name}, edition ${edition}</h1>`;
}

/** The keys of the objects that are not as they were. */
async function keysWrittenSince(before: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const now = await clients.objects();
  return [...now].flatMap(([key, state]) => (before.get(key) === state ? [] : [key])).sort();
}

/** Starts a deploy and returns when it has written some of the pages. */
async function launchDeploy(...args: readonly string[]) {
  const before = await clients.objects();
  const deploy = launchCli(project.root, ["deploy", ...args]);
  await eventually(async () => (await keysWrittenSince(before)).length > 10 || undefined, {
    seconds: 20,
    describe: () => `the deploy says ${JSON.stringify(deploy.output())}`,
  });
  return { before, deploy };
}

async function expectWholeSite() {
  for (const name of ["", "page-0.html", `page-${PAGES - 1}.html`]) {
    const { text } = await send(edge.viewerUrl, `/${name}`);
    expect(text).toBe(pageText(name || "index.html"));
  }
  const again = await runCliHere(project.root, ["deploy", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ exitCode: 0, kind: "nothing-to-do" });
}

describe("a deploy that is killed", () => {
  it("has released nothing, and the next one brings the whole site", async () => {
    const { before, deploy } = await launchDeploy();
    await deploy.stop("SIGKILL");
    const written = await keysWrittenSince(before);
    expect(written.length).toBeLessThan(PAGES);
    const status = await runCliHere(project.root, ["status", "--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ kind: "never-released" });

    expect(await runCliHere(project.root, ["deploy", "--wait"])).toMatchObject({ exitCode: 0 });
    await expectWholeSite();
  });
});

describe("a deploy that Ctrl-C ends", () => {
  it("tells the fate of every page as it is, and the next one goes on from there", async () => {
    // So that the edge holds what the deploy will replace.
    await send(edge.viewerUrl, "/page-0.html");
    const { before, deploy } = await launchDeploy("--json", "--wait");
    const ended = await deploy.stop("SIGINT");
    expect(ended.exitCode).toBe(5);
    const document: {
      kind: string;
      outcomes: readonly { key: string; outcome: { kind: string } }[];
    } = JSON.parse(ended.stdout);
    expect(document.kind).toBe("partial");
    expect(document.outcomes).toHaveLength(PAGES + 1);
    const done = document.outcomes.filter(({ outcome }) => outcome.kind === "done");
    expect(done.map(({ key }) => key).sort()).toEqual(await keysWrittenSince(before));
    expect(done.length).toBeLessThan(PAGES);
    expect(ended.stderr).toMatch(/next|same command again/);

    expect(await runCliHere(project.root, ["deploy", "--wait"])).toMatchObject({ exitCode: 0 });
    await expectWholeSite();
  });
});

describe.skipIf(!runsSlow("two deploys at once take 10 s"))("two deploys at once", () => {
  it("do not mix: the second is told who deploys, or waits for its turn", async () => {
    const { deploy } = await launchDeploy("--wait");
    const second = await runCliHere(project.root, ["deploy"]);
    const third = await runCliHere(project.root, ["deploy", "--wait-lock", "30s", "--json"]);
    expect(second).toMatchObject({ exitCode: 7 });
    expect(second.stderr).toMatch(/^error Another deploy holds the lock\n.*since \d{4}-/m);
    expect(await deploy.ended).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(third.stdout)).toMatchObject({ exitCode: 0, kind: "nothing-to-do" });
    await expectWholeSite();
  });
});
