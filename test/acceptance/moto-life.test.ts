import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, runCli } from "../support/cli-process.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { createDistribution, type Moto, startMoto } from "../support/moto.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/**
 * The life of a site in a versioned bucket of an AWS that is not ours, told in order; the AWS CLI
 * reads back what is there, and plays the stranger.
 */

const BUCKET = "life-of-a-site";

const installed = ["moto_server", "aws"].map(isInstalled).every(Boolean);
const runs = runsSlow("a site's life at moto takes 15 s") && installed;

describe.skipIf(!runs)("a site in a versioned bucket that keeps no old assets", () => {
  let moto: Moto;
  let project: TempProject;

  beforeAll(async () => {
    [moto, project] = await Promise.all([startMoto(), createTinyProject({})]);
    await moto.aws("s3", "mb", `s3://${BUCKET}`);
    const versioning = ["--versioning-configuration", "Status=Enabled"];
    await moto.aws("s3api", "put-bucket-versioning", "--bucket", BUCKET, ...versioning);
    const distribution = await createDistribution(moto, BUCKET);
    const endpoints = { endpoint: moto.url, cdnEndpoint: moto.url };
    const live = { kind: "aws", bucket: BUCKET, region: "eu-west-1", distribution, ...endpoints };
    const command = ["node", "-e", "0"];
    const config = {
      site: { id: "life", build: command, dev: command, output: "_site" },
      keep: { releases: 1, days: 0 },
      environments: { live },
    };
    await project.write("slipway.config.ts", `export default ${JSON.stringify(config)};\n`);
  });

  afterAll(async () => {
    await moto?.stop();
    await project?.dispose();
  });

  async function slipway(...args: readonly string[]): Promise<CliResult> {
    return await runCli(project.root, [...args, "--env", "live"], { env: moto.env });
  }

  /** Writes the files as the site's next build. */
  async function build(files: Readonly<Record<string, string>>): Promise<void> {
    await project.remove("_site").catch(() => {});
    for (const [name, text] of Object.entries(files)) await project.write(`_site/${name}`, text);
  }

  /** What the bucket holds now, read by the AWS CLI. */
  async function bucket(): Promise<Readonly<Record<string, string>>> {
    await project.remove("downloaded").catch(() => {});
    const into = project.path("downloaded");
    await moto.aws("s3", "cp", "--recursive", `s3://${BUCKET}`, into, "--exclude", ".slipway/*");
    const names = [...(await project.digests("downloaded")).keys()];
    const pairs = names.map(async (name) => [name, await project.read(`downloaded/${name}`)]);
    return Object.fromEntries(await Promise.all(pairs));
  }

  async function head(key: string): Promise<{ readonly CacheControl?: string }> {
    const object = ["--bucket", BUCKET, "--key", key];
    return JSON.parse(await moto.aws("s3api", "head-object", ...object, "--output", "json"));
  }

  async function put(key: string, text: string): Promise<void> {
    await project.write("stranger.txt", text);
    const object = ["--bucket", BUCKET, "--key", key, "--body", project.path("stranger.txt")];
    await moto.aws("s3api", "put-object", ...object);
  }

  const FIRST = {
    "index.html": '<script src="/app.0000000aaa.js"></script>',
    "about/index.html": "<h1>About</h1>",
    "app.0000000aaa.js": "first()",
  };
  const SECOND = {
    "index.html": '<script src="/app.0000000bbb.js"></script>',
    "news/index.html": "<h1>News</h1>",
    "app.0000000bbb.js": "second()",
  };

  it("is deployed, then changed, and an asset that no page names any more goes at once", async () => {
    await build(FIRST);
    expect(await slipway("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await bucket()).toEqual(FIRST);
    await build(SECOND);
    expect(await slipway("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await bucket()).toEqual(SECOND);
  });

  it("is rolled back from the stored versions, headers and all", async () => {
    const before = await head("app.0000000bbb.js");
    expect(await slipway("rollback", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await bucket()).toEqual(FIRST);
    expect((await head("app.0000000aaa.js")).CacheControl).toBe(before.CacheControl);
    expect(before.CacheControl).toBe("public, max-age=31536000, immutable");
  });

  it("comes back with the next deploy", async () => {
    expect(await slipway("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await bucket()).toEqual(SECOND);
  });

  it("is mended with --verify after a stranger altered, deleted and added objects", async () => {
    await put("index.html", "defaced");
    await put("casino/index.html", "stray");
    await moto.aws("s3api", "delete-object", "--bucket", BUCKET, "--key", "news/index.html");
    const unaware = await slipway("deploy", "--yes", "--json");
    expect(JSON.parse(unaware.stdout)).toMatchObject({ kind: "nothing-to-do" });

    const mended = await slipway("deploy", "--yes", "--verify", "--json");
    expect(JSON.parse(mended.stdout)).toMatchObject({ exitCode: 0, kind: "released" });
    expect(await bucket()).toEqual(SECOND);
    const again = await slipway("deploy", "--yes", "--verify", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ exitCode: 0, kind: "nothing-to-do" });
  });

  it("is listed release by release, and nobody holds the lock", async () => {
    const { releases } = JSON.parse((await slipway("releases", "--json")).stdout);
    expect(releases.map(({ live }: { live: boolean }) => live)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    const status = JSON.parse((await slipway("status", "--json")).stdout);
    expect(status).toMatchObject({ kind: "live", files: 3, activity: { kind: "idle" } });
  });
});
