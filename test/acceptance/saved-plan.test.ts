import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployDocument, planDocument } from "../../deploy/cli/document-schemas.ts";
import { runCliHere } from "../support/cli-here.ts";
import { type EdgeProcess, runCli, startEdge } from "../support/cli-process.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/**
 * A pull request's plan, told in order on one project and one edge: planned and saved, shown as a
 * comment, applied later, refused when it is too late.
 */
const page = (name: string, year: number) =>
  `<!doctype html>\n<title>${name}</title>\n<p>About ${name}</p>\n<footer>© ${year} Naked Coders</footer>\n`;
const names = Array.from({ length: 14 }, (_, i) => `page-${i}`);
const site = (year: number): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ["index.html", page("home", year)],
    ...names.map((name) => [`${name}/index.html`, page(name, year)]),
  ]);

let project: TempProject;
let edge: EdgeProcess;

const run = (...args: readonly string[]) => runCliHere(project.root, args);
const runProcess = (...args: readonly string[]) => runCli(project.root, args);

/** One document on standard output, as its schema says: nothing missing, nothing undocumented. */
async function planJson(...args: readonly string[]) {
  const { stdout } = await run("plan", "--json", ...args);
  const document = JSON.parse(stdout);
  expect(planDocument.parse(document)).toEqual(document);
  return document;
}

const deployJson = (...args: readonly string[]) => deployJsonBy(run, args);

async function deployJsonBy(by: typeof run, args: readonly string[]) {
  const { stdout, exitCode } = await by("deploy", "--json", ...args);
  const document = JSON.parse(stdout);
  expect(deployDocument.parse(document)).toEqual(document);
  expect(document.exitCode).toBe(exitCode);
  return document;
}

beforeAll(async () => {
  project = await createTinyProject(site(2025));
  edge = await startEdge(project.root);
  expect((await run("deploy")).exitCode).toBe(0);
  for (const [name, content] of Object.entries(site(2026))) {
    await project.write(`_site/${name}`, content);
  }
});

afterAll(async () => {
  await edge?.stop("SIGKILL");
  await project?.dispose();
});

describe("a plan of fifteen pages with a new footer", () => {
  it("names the edit in one line, for people, for programs and for a pull request", async () => {
    const line = 'of 15 changed pages changed by the same edit: - "© 2025" + "© 2026"';
    const human = await runProcess("plan", "--out", "plan.json");
    expect(human).toMatchObject({ exitCode: 0 });
    expect(human.stdout).toContain(`15 ${line}`);
    expect(human.stdout).toContain("Saved in plan.json.");
    const { causes, requests } = await planJson();
    expect(causes.summary).toBe(`15 ${line}`);
    expect(requests.total).toBe(2 + 15);
    const markdown = await run("plan", "--format", "markdown");
    expect(markdown.stdout).toContain("changed by the same edit: - `© 2025` + `© 2026`.");
  });

  it("names no path of this machine, in no output", async () => {
    const outputs = [
      await project.read("plan.json"),
      (await run("plan", "--json")).stdout,
      (await run("plan", "--format", "markdown")).stdout,
    ];
    for (const output of outputs) expect(output).not.toContain(project.root);
  });

  it("ends with 3 when asked, and with 4 when a guard refuses", async () => {
    expect((await run("plan", "--exit-code", "--format", "json")).exitCode).toBe(3);
    const index = await project.read("_site/index.html");
    await project.remove("_site/index.html");
    const refused = await planJson("--exit-code");
    expect(refused).toMatchObject({ exitCode: 4, plan: { violations: [{}] } });
    await project.write("_site/index.html", index);
  });
});

describe("deploy --plan", () => {
  it("refuses when a file is another one now, and names it", async () => {
    await project.write("_site/page-3/index.html", page("other", 2026));
    const refused = await deployJson("--plan", "plan.json");
    expect(refused).toMatchObject({
      exitCode: 4,
      error: { kind: "refused", why: "changed: page-3/index.html" },
    });
    await project.write("_site/page-3/index.html", page("page-3", 2026));
  });

  it("refuses what was edited, what is no plan and what is not there", async () => {
    const saved = await project.read("plan.json");
    await project.write("edited.json", saved.replaceAll("page-3/", "page-2/"));
    await project.write("not-a-plan.json", "{}");
    for (const file of ["edited.json", "not-a-plan.json", "nowhere.json"]) {
      expect(await deployJson("--plan", file)).toMatchObject({ exitCode: 2 });
    }
    expect((await run("deploy", "--plan", "plan.json", "--force")).exitCode).toBe(2);
  });

  it("applies exactly it, with one read for the plan and six requests around the files", async () => {
    const plan = JSON.parse(await project.read("plan.json"));
    const deployed = await deployJsonBy(runProcess, ["--plan", "plan.json"]);
    expect(deployed).toMatchObject({
      exitCode: 0,
      kind: "released",
      environment: "local",
      plan: { id: plan.plan.id },
      requests: { total: 7 + 15 },
    });
    const operations: readonly string[] = deployed.requests.operations.map(
      ({ service, operation }: { service: string; operation: string }) => `${service} ${operation}`,
    );
    expect(operations).toEqual([
      "CloudFront CreateInvalidation",
      "S3 DeleteObject",
      "S3 GetObject",
      "S3 PutObject",
    ]);
    expect((await planJson()).plan.changes).toEqual([]);
  });

  it("refuses it the second time: the bucket has moved", async () => {
    const refused = await deployJson("--plan", "plan.json");
    expect(refused).toMatchObject({
      exitCode: 4,
      error: { what: "The bucket has moved since the plan was made" },
    });
  });

  it("without changes has nothing to do, in two requests", async () => {
    expect(await deployJson()).toMatchObject({
      kind: "nothing-to-do",
      requests: { total: 2, bytesSent: 0 },
    });
  });
});
