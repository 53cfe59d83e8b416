import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import type { EdgeHello } from "./edge.ts";
import type { Command } from "./measured-run.ts";

/** Where a contestant works: its own project folder with the site in `_site`, and its own bucket. */
export type Ground = {
  readonly project: string;
  readonly bucket: string;
  readonly endpoint: string;
  readonly edge: EdgeHello;
};

export type Contestant = {
  readonly name: string;
  /** Whether it can see that only the headers of files shall change. */
  readonly seesHeaders: boolean;
  /** One deploy of the site as it is now; `maxAge` is what the scripts and styles shall be cached for. */
  command(ground: Ground, maxAge: number): Promise<Command>;
};

export const SLIPWAY: Contestant = {
  name: "slipway deploy",
  seesHeaders: true,
  async command(ground, maxAge) {
    const { project, bucket, endpoint, edge } = ground;
    const { region, distributionId: distribution } = edge;
    const set = { cacheControl: `public, max-age=${maxAge}` };
    const headers = [{ match: "assets/**", set }];
    const bench = {
      kind: "aws",
      bucket,
      region,
      distribution,
      endpoint,
      cdnEndpoint: endpoint,
      headers,
    };
    const command = ["node", "--version"];
    const site = { id: "bench", build: command, dev: command, output: "_site" };
    const config = `export default ${JSON.stringify({ site, environments: { bench } })};\n`;
    await writeFile(join(project, "slipway.config.ts"), config);
    await writeFile(join(project, "package.json"), '{ "type": "module" }\n');
    const args = [resolve("deploy/bin.js"), "deploy", "--env", "bench", "--yes", "--json"];
    return { program: process.execPath, args, cwd: project, env: environment(ground) };
  },
};

const AWS: Contestant = {
  name: "aws s3 sync",
  seesHeaders: false,
  async command(ground) {
    const args = ["s3", "sync", "_site", `s3://${ground.bucket}`, "--only-show-errors"];
    return { program: "aws", args, cwd: ground.project, env: environment(ground) };
  },
};

const RCLONE: Contestant = {
  name: "rclone sync",
  seesHeaders: false,
  async command(ground) {
    const args = ["sync", "_site", `edge:${ground.bucket}`, "--fast-list"];
    const remote = {
      RCLONE_CONFIG_EDGE_TYPE: "s3",
      RCLONE_CONFIG_EDGE_PROVIDER: "Other",
      RCLONE_CONFIG_EDGE_ENV_AUTH: "true",
      RCLONE_CONFIG_EDGE_ENDPOINT: ground.endpoint,
      RCLONE_CONFIG_EDGE_REGION: ground.edge.region,
    };
    const env = { ...environment(ground), ...remote };
    return { program: "rclone", args, cwd: ground.project, env };
  },
};

function environment({ endpoint, edge }: Ground): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: edge.accessKeyId,
    AWS_SECRET_ACCESS_KEY: edge.secretAccessKey,
    AWS_REGION: edge.region,
    AWS_DEFAULT_REGION: edge.region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Slipway, and those of its rivals that this machine has. */
export function contestants(): readonly Contestant[] {
  const rivals: readonly (readonly [string, Contestant])[] = [
    ["aws", AWS],
    ["rclone", RCLONE],
  ];
  const installed = rivals.filter(([program]) => findProgram(program) !== undefined);
  return [SLIPWAY, ...installed.map(([, rival]) => rival)];
}

/** Where a program lies, if this machine has it. */
export function findProgram(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
