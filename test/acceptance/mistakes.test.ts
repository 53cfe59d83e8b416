import { existsSync, renameSync } from "node:fs";
import { chmod, symlink } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { type CliResult, type EdgeProcess, runCli, startEdge } from "../support/cli-process.ts";
import { findFreePortPair, isPortFree, occupyPort } from "../support/free-ports.ts";
import { startEmptyBucket } from "../support/recording-server.ts";
import {
  configText,
  createSiteProject,
  createTinyProject,
  type TempProject,
} from "../support/temp-project.ts";

/** What people do wrong, and what they are told: what, why, what to do next, and the exit code. */

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
});

async function tinyProject(...args: Parameters<typeof createTinyProject>): Promise<TempProject> {
  const project = await createTinyProject(...args);
  ends.push(() => project.dispose());
  return project;
}

/** The three parts of every error, with the words that make it useful here. */
function expectError(result: CliResult, exitCode: number, words: readonly (string | RegExp)[]) {
  expect(result).toMatchObject({ exitCode });
  expect(result.stderr).toMatch(/^error .+\n {2}why: {2}[\s\S]+\n {2}next: .+\n/m);
  for (const word of words) expect(result.stderr).toMatch(word);
  expect(result.stderr).not.toMatch(/^\s+at .+:\d+:\d+|\(node:\d+\)|Warning:|undefined/m);
}

describe("the local edge", () => {
  it.each([
    ["the site", 0],
    ["the API", 1],
  ])(
    "names the port of %s that another program holds, and leaves nothing running",
    async (_, offset) => {
      const project = await tinyProject();
      const port = await findFreePortPair();
      const other = await occupyPort(port + offset);
      ends.push(() => other.release());
      const result = await runCliHere(project.root, ["edge", "--port", String(port)]);
      expectError(result, 2, [`port ${port + offset}`, "another program", /next: .*--port \d+/]);
      expect(await isPortFree(port + 1 - offset)).toBe(true);
      expect(existsSync(project.path(".slipway/edge/running.json"))).toBe(false);
      expect(existsSync(project.path(".slipway/edge/lock"))).toBe(false);
    },
  );

  it("runs once in a folder, and the second one names the first", async () => {
    const project = await tinyProject();
    const first = await startEdge(project.root);
    ends.push(() => first.stop());
    const port = await findFreePortPair();
    const second = await runCli(project.root, ["edge", "--port", String(port)]);
    expectError(second, 2, ["in use", `process ${first.pid}`]);
    expect(await isPortFree(port)).toBe(true);
    // The first one is still announced: a deploy finds it.
    expect((await runCliHere(project.root, ["deploy", "--wait"])).exitCode).toBe(0);
  });

  it("says so when a file stands where its folder belongs", async () => {
    const project = await tinyProject();
    await project.write(".slipway", "a file");
    const port = await findFreePortPair();
    const result = await runCliHere(project.root, ["edge", "--port", String(port)]);
    expectError(result, 2, [".slipway", "is a file"]);
    expect(await project.read(".slipway")).toBe("a file");
  });

  it.skipIf(process.getuid?.() === 0)("says so when it may not write its folder", async () => {
    const project = await tinyProject();
    await project.write(".slipway/keep", "");
    await chmod(project.path(".slipway"), 0o500);
    const port = await findFreePortPair();
    const result = await runCliHere(project.root, ["edge", "--port", String(port)]);
    await chmod(project.path(".slipway"), 0o700);
    expectError(result, 2, [".slipway", "permission"]);
  });

  it.each(["65535", "eighty"])("refuses the port %s", async (port) => {
    const project = await tinyProject();
    expectError(await runCliHere(project.root, ["edge", "--port", port]), 2, ["1 to 65534"]);
  });

  it("ends when the site that it shall publish cannot be built", async () => {
    const project = await tinyProject({}, configText().replace("--version", "--no-such-option"));
    const port = await findFreePortPair();
    const result = await runCliHere(project.root, ["edge", "--publish", "--port", String(port)]);
    expectError(result, 2, ["The site was not built", "--no-such-option"]);
    expect(await isPortFree(port)).toBe(true);
    expect(existsSync(project.path(".slipway/edge/running.json"))).toBe(false);
  });
});

describe("mistakes in the site's sources", () => {
  it("are all named by the site's build, fail the command, and leave the built site as it was", async () => {
    const project = await createSiteProject();
    ends.push(() => project.dispose());
    expect(await runCliHere(project.root, ["build"])).toMatchObject({ exitCode: 0 });
    const before = await project.digests("_site");
    const file = "site/content/blog/2026-01-16-broken.md";
    await project.write(
      file,
      '---\ntitle: "Broken"\ndescription: "A test."\ndate: 2026-02-30\ntags: [testing]\nauthr: mira\n---\n\nText.\n',
    );
    await project.write("site/rules/_redirects", "/old  /older\n/older  /about/\n");
    await project.write("site/published-urls.txt", "/blog/lost/\n");
    const result = await runCli(project.root, ["build", "--json"]);
    expectError(result, 2, [
      "The site was not built: 5 problems.",
      `${file}:4: date`,
      `${file}:1: author`,
      `${file}:6: authr`,
      'site/rules/_redirects:1: "/old": takes 2 redirects',
      'site/published-urls.txt:1: "/blog/lost/": was published',
      "node site/start.js build ended with 1",
    ]);
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 2, error: { kind: "config" } });
    expect(before.size).toBeGreaterThan(20);
    expect(await project.digests("_site")).toEqual(before);
  });
});

describe("a build with arguments for the site's own program", () => {
  it("hands them on, keeps a preview apart from the site, and a deploy refuses it", async () => {
    const project = await createSiteProject();
    ends.push(() => project.dispose());
    await project.write(
      "site/content/blog/2026-01-16-unfinished.md",
      '---\ntitle: "Unfinished"\ndescription: "A draft."\ndate: 2026-01-16\ntags: [testing]\nauthor: mira\ndraft: true\n---\n\nText.\n',
    );
    const preview = await runCli(project.root, ["build", "--drafts"]);
    expect(preview).toMatchObject({ exitCode: 0, stdout: "" });
    expect(preview.stderr).toContain("Building the site (node site/start.js build --drafts)");
    expect(existsSync(project.path("_site.preview/blog/unfinished/index.html"))).toBe(true);
    expect(existsSync(project.path("_site"))).toBe(false);

    const withJson = await runCliHere(project.root, ["build", "--drafts", "--json"]);
    expectError(withJson, 2, ["--json", "--drafts"]);
    expectError(await runCli(project.root, ["build", "--draft"]), 2, ["Unknown option '--draft'"]);
    renameSync(project.path("_site.preview"), project.path("_site"));
    const edge = await startEdge(project.root);
    ends.push(() => edge.stop());
    const deploy = await runCliHere(project.root, ["deploy", "--yes"]);
    expect(deploy).toMatchObject({ exitCode: 4 });
    expect(deploy.stdout + deploy.stderr).toContain("Refused preview-build");
  }, 90_000);
});

describe("slipway.config.ts", () => {
  it("is missed by name", async () => {
    const project = await tinyProject();
    await project.remove("slipway.config.ts");
    expectError(await runCliHere(project.root, ["plan"]), 2, ["slipway.config.ts"]);
  });

  it("may not have a syntax error", async () => {
    const project = await tinyProject({}, "export default {\n");
    expectError(await runCli(project.root, ["plan"]), 2, [
      "slipway.config.ts cannot be loaded",
      "slipway.config.ts:2",
    ]);
  });

  it("is told every problem at once", async () => {
    const config = {
      site: { id: "Tiny Site", build: [], dev: ["node"], output: "_site", theme: "dark" },
      environments: { live: { kind: "aws", bucket: "b", region: "ireland" } },
    };
    const project = await tinyProject({}, `export default ${JSON.stringify(config)};\n`);
    const result = await runCliHere(project.root, ["plan"]);
    const places = ["site.id", "site.build", "theme", "live.bucket", "live.region"];
    expectError(result, 2, ["slipway.config.ts is not valid", ...places]);
  });

  it("names its environments when another one is asked for", async () => {
    const project = await tinyProject();
    const result = await runCliHere(project.root, ["deploy", "--env", "productoin"]);
    expectError(result, 2, ['"productoin"', /names: local/]);
  });
});

describe("deploy to the local edge", () => {
  let project: TempProject;
  let edge: EdgeProcess;

  beforeAll(async () => {
    project = await createTinyProject({});
    edge = await startEdge(project.root);
  });

  afterAll(async () => {
    await edge?.stop();
    await project?.dispose();
  });

  it("asks for a build when there is no built site", async () => {
    expectError(await runCliHere(project.root, ["deploy"]), 2, ["_site", /next: .*slipway build/]);
  });

  it.each([
    ["back\\slash.html", "backslash"],
    ["cafe\u0301.html", "NFC"],
    ["line\nbreak.html", "control character"],
    [".slipway/mine.json", "own state"],
  ])("refuses the file name %j", async (name, why) => {
    await project.write("_site/index.html", "<h1>Home</h1>");
    await project.write(`_site/${name}`, "odd");
    const result = await runCliHere(project.root, ["deploy"]);
    await project.remove(`_site/${name}`);
    expectError(result, 4, ["cannot be published", why]);
  });

  it("refuses a symbolic link, wherever it points", async () => {
    await symlink("/etc/hostname", project.path("_site/hostname.txt"));
    const result = await runCliHere(project.root, ["deploy"]);
    await project.remove("_site/hostname.txt");
    expectError(result, 4, ["hostname.txt", "link"]);
  });

  it("refuses a site without a home page, and has published nothing of all that", async () => {
    await project.remove("_site");
    await project.write("_site/about.html", "<h1>About</h1>");
    const homeless = await runCliHere(project.root, ["deploy"]);
    expect(homeless.exitCode).toBe(4);
    expect(homeless.stdout).toContain("no-index-page");
    const status = await runCliHere(project.root, ["status", "--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ kind: "never-released" });
  });

  it("refuses the bucket of another site", async () => {
    await project.write("_site/index.html", "<h1>Home</h1>");
    expect((await runCliHere(project.root, ["deploy", "--wait"])).exitCode).toBe(0);
    await project.write("slipway.config.ts", configText().replace('"tiny"', '"other"'));
    // A process of its own, which has not read the config before.
    const foreign = await runCli(project.root, ["deploy"]);
    expect(foreign.exitCode).toBe(4);
    expect(foreign.stdout).toContain("other-site");
  });
});

describe("deploy to nowhere", () => {
  it("says how to start the local edge when none runs", async () => {
    const project = await tinyProject();
    expectError(await runCliHere(project.root, ["deploy"]), 6, [
      "not running",
      /next: .*slipway edge/,
    ]);
  });

  it("writes nothing to an AWS account when nobody can answer its question", async () => {
    const bucket = await startEmptyBucket();
    ends.push(() => bucket.close());
    const aws = { kind: "aws", bucket: "tiny-site", region: "eu-west-1", endpoint: bucket.url };
    const project = await tinyProject(undefined, configText({ live: aws }));
    const env = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" };
    const result = await runCli(project.root, ["deploy", "--env", "live"], { env });
    expectError(result, 2, [/next: .*--yes/]);
    expect(bucket.requests.length).toBeGreaterThan(0);
    expect(bucket.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
  });
});

describe("credentials and endpoints", () => {
  let home: TempProject;
  let edge: EdgeProcess;

  beforeAll(async () => {
    home = await createTinyProject();
    edge = await startEdge(home.root);
  });

  afterAll(async () => {
    await edge?.stop();
    await home?.dispose();
  });

  async function deployTo(endpoint: string, env: Readonly<Record<string, string>>) {
    const aws = { kind: "aws", bucket: "slipway-local", region: "us-east-1", endpoint };
    const project = await tinyProject(undefined, configText({ live: aws }));
    return await runCliHere(project.root, ["deploy", "--env", "live", "--yes"], { env });
  }

  const running = async () => JSON.parse(await home.read(".slipway/edge/running.json"));

  it("an unknown access key is named", async () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIAUNKNOWN", AWS_SECRET_ACCESS_KEY: "secret" };
    expectError(await deployTo(edge.apiUrl, env), 6, [
      "slipway-local",
      "does not know this access key",
    ]);
  });

  it("a wrong secret is told from an unknown key", async () => {
    const { accessKeyId } = await running();
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: "wrong" };
    expectError(await deployTo(edge.apiUrl, env), 6, ["AWS_SECRET_ACCESS_KEY"]);
  });

  it("no credentials at all are asked for", async () => {
    expectError(await deployTo(edge.apiUrl, {}), 6, ["no AWS credentials", "AWS_PROFILE"]);
  });

  it("an endpoint where nobody listens is told from a refusal", async () => {
    const port = await findFreePortPair();
    const env = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" };
    const result = await deployTo(`http://127.0.0.1:${port}`, env);
    expectError(result, 6, ["no answer", "ECONNREFUSED", "endpoint"]);
  });

  it("a bucket that does not exist is named", async () => {
    const { accessKeyId, secretAccessKey } = await running();
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const aws = {
      kind: "aws",
      bucket: "no-such-bucket",
      region: "us-east-1",
      endpoint: edge.apiUrl,
    };
    const project = await tinyProject(undefined, configText({ live: aws }));
    const result = await runCliHere(project.root, ["deploy", "--env", "live", "--yes"], { env });
    expectError(result, 6, ["no-such-bucket", "does not exist"]);
  });
});

describe("--json", () => {
  let project: TempProject;
  let edge: EdgeProcess;

  beforeAll(async () => {
    project = await createTinyProject();
    edge = await startEdge(project.root);
  });

  afterAll(async () => {
    await edge?.stop();
    await project?.dispose();
  });

  it.each([
    [["build"], 0],
    [["plan", "--exit-code"], 3],
    [["deploy", "--wait"], 0],
    [["status"], 0],
    [["invalidate", "/", "--wait"], 0],
    [["invalidate", "no-slash"], 2],
    [["deploy", "--env", "nowhere"], 2],
    [["deploy", "--no-such-option"], 2],
  ])("makes %j print exactly one document, with the exit code in it", async (args, exitCode) => {
    const result = await runCliHere(project.root, [...args, "--json"]);
    expect(result).toMatchObject({ exitCode });
    expect(JSON.parse(result.stdout)).toMatchObject({ version: 1, exitCode });
    if (exitCode === 2) expect(result.stderr).toMatch(/^error /m);
  });

  it.each([["dev"], ["new"]])("is refused by %s, which has no document", async (command) => {
    const result = await runCliHere(project.root, [command, "--json"]);
    expectError(result, 2, [`slipway ${command} gives no document`]);
    expect(JSON.parse(result.stdout)).toMatchObject({ version: 1, command, exitCode: 2 });
  });

  it("keeps what people read off standard output", async () => {
    const result = await runCliHere(project.root, ["plan", "--json"]);
    expect(result.stderr).toContain("Scanned");
    expect(result.stdout).not.toContain("Scanned");
  });
});

describe("a command line that cannot be understood", () => {
  it.each([
    [["deplyo"], ["deplyo"]],
    [["deploy", "--fast"], ["--fast"]],
    [["deploy", "now"], ["argument"]],
    [["plan", "--env"], ["--env"]],
  ])("%j is told like every other error", async (args, words) => {
    const project = await tinyProject();
    expectError(await runCliHere(project.root, args), 2, words);
  });

  it("nothing at all shows the help and is a mistake; asking for help is none", async () => {
    const project = await tinyProject();
    const bare = await runCli(project.root, []);
    const asked = await runCli(project.root, ["--help"]);
    expect(bare.exitCode).toBe(2);
    expect(asked.exitCode).toBe(0);
    expect(asked.stdout).toContain("Exit codes:");
  });
});
