import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CREDENTIALS, REGION, type S3Fixture, startS3 } from "../local/s3-fixture.ts";
import { runsSlow } from "../support/slow-tests.ts";

const run = promisify(execFile);
const MiB = 1024 * 1024;

/** Four folders deep, 1,003 bytes. */
const LONG = Array.from({ length: 4 }, (_, i) => `${i}`.repeat(250)).join("/");
const NAMES = [
  "index.html",
  "a folder/with space.txt",
  "plus+plus.txt",
  "100%/per%20cent.txt",
  "é/ü.txt",
  "日本/語.txt",
  "emoji/😀.txt",
  "quotes/'single' & (more).txt",
  LONG,
];

/** A program that copies a folder to a bucket and back, removing what the source does not have. */
type Client = {
  readonly program: string;
  readonly up: (folder: string, bucket: string, port: number) => readonly string[];
  readonly down: (folder: string, bucket: string, port: number) => readonly string[];
  /** Further questions that it must be able to ask. */
  readonly others: (bucket: string, port: number) => readonly (readonly string[])[];
};

const aws = (port: number) => ["--endpoint-url", `http://127.0.0.1:${port}`];
const s3cmd = (port: number) => [
  ...["--config", "/dev/null", "--no-ssl", "--region", REGION],
  ...[`--access_key=${CREDENTIALS.accessKeyId}`, `--secret_key=${CREDENTIALS.secretAccessKey}`],
  ...[`--host=127.0.0.1:${port}`, `--host-bucket=127.0.0.1:${port}`],
  ...["--no-progress", "--quiet"],
];
const rclone = (port: number) => [
  ...["--config", "", "--retries", "1", "--s3-endpoint", `http://127.0.0.1:${port}`],
  ...["--s3-provider", "Other", "--s3-force-path-style", "--s3-region", REGION],
  ...["--s3-access-key-id", CREDENTIALS.accessKeyId],
  ...["--s3-secret-access-key", CREDENTIALS.secretAccessKey],
];

const CLIENTS: readonly Client[] = [
  {
    program: "aws",
    up: (folder, bucket, port) => [
      ...aws(port),
      ...["s3", "sync", "--delete", "--no-progress", folder, `s3://${bucket}`],
    ],
    down: (folder, bucket, port) => [
      ...aws(port),
      ...["s3", "sync", "--delete", "--exact-timestamps", "--no-progress"],
      ...[`s3://${bucket}`, folder],
    ],
    others: (bucket, port) => [
      [...aws(port), "s3api", "get-object-acl", "--bucket", bucket, "--key", "index.html"],
      [...aws(port), "s3", "presign", `s3://${bucket}/index.html`],
    ],
  },
  {
    program: "rclone",
    up: (folder, bucket, port) => [...rclone(port), "sync", folder, `:s3:${bucket}`],
    down: (folder, bucket, port) => [...rclone(port), "sync", `:s3:${bucket}`, folder],
    others: (bucket, port) => [
      [...rclone(port), "lsjson", "--recursive", "--hash", `:s3:${bucket}`],
      [...rclone(port), "--s3-acl", "private", "mkdir", `:s3:${bucket}-rclone`],
      [...rclone(port), "--s3-versions", "lsf", `:s3:${bucket}`],
      [...rclone(port), "copyto", `:s3:${bucket}/index.html`, `:s3:${bucket}/copy.html`],
      [...rclone(port), "deletefile", `:s3:${bucket}/copy.html`],
    ],
  },
  {
    program: "s3cmd",
    up: (folder, bucket, port) => [
      ...s3cmd(port),
      ...["sync", "--delete-removed", `${folder}/`, `s3://${bucket}/`],
    ],
    down: (folder, bucket, port) => [
      ...s3cmd(port),
      ...["sync", "--delete-removed", `s3://${bucket}/`, `${folder}/`],
    ],
    others: (bucket, port) => [
      [...s3cmd(port), "info", `s3://${bucket}`],
      [...s3cmd(port), "info", `s3://${bucket}/index.html`],
      [...s3cmd(port), "cp", `s3://${bucket}/index.html`, `s3://${bucket}/copy.html`],
      [...s3cmd(port), "del", `s3://${bucket}/copy.html`],
      [...s3cmd(port), "multipart", `s3://${bucket}`],
    ],
  },
];

let s3: S3Fixture;
let folder: string;

beforeAll(async () => {
  s3 = await startS3();
  folder = await mkdtemp(join(tmpdir(), "slipway-clients-"));
});
afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true });
});

for (const client of CLIENTS) {
  const isLeftOut =
    !isInstalled(client.program) ||
    (client.program !== "rclone" &&
      !runsSlow(`${client.program} at our S3 API takes some seconds`));

  describe.skipIf(isLeftOut)(client.program, () => {
    test("carries a folder of odd names up and back without a difference", async () => {
      const bucket = await s3.bucket();
      const local = join(folder, client.program, "local");
      const back = join(folder, client.program, "back");
      await mkdir(back, { recursive: true });
      await writeSite(local);

      await call(client, client.up(local, bucket, s3.port));
      expect(keysIn(bucket)).toEqual(await filesIn(local));
      await call(client, client.down(back, bucket, s3.port));
      await expectSame(local, back);

      const before = writes();
      await call(client, client.up(local, bucket, s3.port));
      expect(writes()).toBe(before);

      await rm(join(local, "日本"), { recursive: true });
      await writeFile(join(local, "index.html"), "changed, and longer than before");
      await writeFile(join(local, "new +.txt"), "new");
      await call(client, client.up(local, bucket, s3.port));
      expect(keysIn(bucket)).toEqual(await filesIn(local));
      await call(client, client.down(back, bucket, s3.port));
      await expectSame(local, back);

      for (const question of client.others(bucket, s3.port)) await call(client, question);
      expect(keysIn(bucket)).toEqual(await filesIn(local));
    });
  });
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, [program === "rclone" ? "version" : "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function call(client: Client, args: readonly string[]): Promise<void> {
  await run(client.program, args, {
    maxBuffer: 16 * MiB,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
}

async function writeSite(local: string): Promise<void> {
  for (const name of NAMES) {
    await mkdir(join(local, dirname(name)), { recursive: true });
    await writeOld(join(local, name), `content of ${name}`);
  }
  await writeOld(join(local, "empty"), "");
  await writeOld(join(local, "large.bin"), randomBytes(70 * MiB));
}

/** A minute old: S3 keeps whole seconds, so to a client a younger file would look newer than its copy. */
async function writeOld(path: string, content: string | Buffer): Promise<void> {
  const time = new Date(Date.now() - 60_000);
  await writeFile(path, content);
  await utimes(path, time, time);
}

/** How many requests so far have changed something. */
function writes(): number {
  return s3.requests.filter(({ method }) => method !== "GET" && method !== "HEAD").length;
}

function keysIn(bucket: string): readonly string[] {
  const keys = [...(s3.storage.buckets.get(bucket)?.keys.values() ?? [])].map(({ key }) => key);
  return keys.sort();
}

async function filesIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

async function expectSame(left: string, right: string): Promise<void> {
  const names = await filesIn(left);
  expect(await filesIn(right)).toEqual(names);
  for (const name of names) {
    const [a, b] = await Promise.all([readFile(join(left, name)), readFile(join(right, name))]);
    expect(a.equals(b), name).toBe(true);
  }
}
