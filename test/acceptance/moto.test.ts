import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, runCli } from "../support/cli-process.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { createDistribution, type Moto, startMoto } from "../support/moto.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createSiteProject, isForVisitors, type TempProject } from "../support/temp-project.ts";

/**
 * The real site onto an AWS that is not ours: moto holds the bucket and the distribution, and the
 * AWS CLI reads back what the deploy wrote.
 */

const BUCKET = "naked-coders-test";
const PAGE = "site/content/about.md";
const DELETED = "site/assets/static/to-delete.txt";

const installed = ["moto_server", "aws"].map(isInstalled).every(Boolean);

const UNTIL_INVALIDATED = "public, max-age=0, s-maxage=31536000, must-revalidate";
const FOREVER = "public, max-age=31536000, immutable";

describe.skipIf(!installed || !runsSlow("a deploy to moto takes 20 s"))(
  "a deploy to an AWS account",
  () => {
    let moto: Moto;
    let project: TempProject;
    let distribution: string;

    beforeAll(async () => {
      [moto, project] = await Promise.all([startMoto(), createSiteProject()]);
      await moto.aws("s3", "mb", `s3://${BUCKET}`);
      distribution = await createDistribution(moto, BUCKET);
      const live = {
        kind: "aws",
        bucket: BUCKET,
        region: "eu-west-1",
        distribution,
        endpoint: moto.url,
        cdnEndpoint: moto.url,
      };
      const config = (await project.read("slipway.config.ts")).replace(
        "environments: {",
        `environments: { live: ${JSON.stringify(live)},`,
      );
      await project.write("slipway.config.ts", config);
      await project.write(DELETED, "Until the second deploy.");
      expect(await runCli(project.root, ["build"])).toMatchObject({ exitCode: 0 });
    });

    afterAll(async () => {
      await moto?.stop();
      await project?.dispose();
    });

    const slipway = (...args: readonly string[]): Promise<CliResult> =>
      runCli(project.root, [...args, "--env", "live"], { env: moto.env });

    /** What the bucket holds now, read by the AWS CLI. */
    async function download(): Promise<ReadonlyMap<string, string>> {
      const folder = project.path("downloaded");
      await moto.aws("s3", "sync", `s3://${BUCKET}`, folder, "--delete", "--exclude", ".slipway/*");
      return await project.digests("downloaded");
    }

    async function published(): Promise<ReadonlyMap<string, string>> {
      const built = await project.digests("_site");
      return new Map([...built].filter(([name]) => isForVisitors(name)));
    }

    /** The paths of each invalidation, oldest first. */
    async function invalidations(): Promise<readonly (readonly string[])[]> {
      const on = ["--distribution-id", distribution];
      const list: { InvalidationList: { Items?: readonly { Id: string; CreateTime: string }[] } } =
        JSON.parse(await moto.aws("cloudfront", "list-invalidations", ...on, "--output", "json"));
      const items = [...(list.InvalidationList.Items ?? [])];
      items.sort((a, b) => (a.CreateTime < b.CreateTime ? -1 : 1));
      const paths: string[][] = [];
      for (const { Id } of items) {
        const one: { Invalidation: { InvalidationBatch: { Paths: { Items: string[] } } } } =
          JSON.parse(
            await moto.aws("cloudfront", "get-invalidation", ...on, "--id", Id, "--output", "json"),
          );
        paths.push(one.Invalidation.InvalidationBatch.Paths.Items.sort());
      }
      return paths;
    }

    it("brings every byte there", async () => {
      expect(await slipway("deploy", "--yes", "--wait")).toMatchObject({ exitCode: 0 });
      const files = await published();
      expect(files.size).toBeGreaterThan(20);
      expect(await download()).toEqual(files);
      expect(await invalidations()).toEqual([["/*"]]);
    });

    it("gives every kind of file its type and its cache rule", async () => {
      const names = [...(await published()).keys()];
      const script = names.find((name) => name.endsWith(".js")) ?? "";
      const card = names.find((name) => name.startsWith("assets/og/")) ?? "";
      const expected: Readonly<Record<string, readonly [string, string]>> = {
        "index.html": ["text/html; charset=utf-8", UNTIL_INVALIDATED],
        "feed.xml": ["application/xml; charset=utf-8", UNTIL_INVALIDATED],
        [card]: ["image/png", FOREVER],
        "apple-touch-icon.png": ["image/png", UNTIL_INVALIDATED],
        [script]: ["text/javascript; charset=utf-8", FOREVER],
      };
      for (const [key, [type, cache]] of Object.entries(expected)) {
        const head = JSON.parse(
          await moto.aws(
            ...["s3api", "head-object", "--bucket", BUCKET, "--key", key, "--output", "json"],
          ),
        );
        expect({ key, ContentType: head.ContentType, CacheControl: head.CacheControl }).toEqual({
          key,
          ContentType: type,
          CacheControl: cache,
        });
      }
    });

    it("has nothing to do the second time", async () => {
      const again = await slipway("deploy", "--yes", "--json");
      expect(again.exitCode).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ kind: "nothing-to-do" });
      expect(await invalidations()).toHaveLength(1);
    });

    it("sends a changed page, removes a deleted file, and invalidates the one, then the other", async () => {
      const before = await published();
      await project.write(PAGE, `${await project.read(PAGE)}\nA sentence written by a test.\n`);
      await project.remove(DELETED);
      expect(await runCli(project.root, ["build"])).toMatchObject({ exitCode: 0 });
      const after = await published();
      const differing = [...before].filter(([name, digest]) => after.get(name) !== digest);
      expect(differing.map(([name]) => name)).toEqual(["about/index.html", "to-delete.txt"]);

      expect(await slipway("deploy", "--yes", "--wait")).toMatchObject({ exitCode: 0 });
      expect(await download()).toEqual(after);
      expect((await invalidations()).slice(1)).toEqual([
        ["/about/", "/about/index.html"],
        ["/to-delete.txt"],
      ]);
    });

    it("tells what is live", async () => {
      const status = JSON.parse((await slipway("status", "--json")).stdout);
      expect(status).toMatchObject({ kind: "live", files: (await published()).size });
    });
  },
);
