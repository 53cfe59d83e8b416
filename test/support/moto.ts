import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { CloudFrontClient, CreateDistributionCommand } from "@aws-sdk/client-cloudfront";
import { eventually } from "./eventually.ts";
import { findFreePortPair } from "./free-ports.ts";

/** AWS as moto plays it: an implementation that is not ours, in another language. */
export type Moto = {
  readonly url: string;
  /** What the AWS CLI and the SDK need to talk to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the AWS CLI against it; gives what it prints. */
  aws(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
};

const REGION = "eu-west-1";

/** Starts `moto_server` on a free loopback port, and returns when it answers. */
export async function startMoto(): Promise<Moto> {
  const port = await findFreePortPair();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
  };
  const env = {
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
  };
  try {
    await eventually(() => answers(`${url}/moto-api/`), {
      seconds: 40,
      describe: () => `moto_server says: ${said}`,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    env,
    async aws(...args) {
      const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
      const { stdout } = await promisify(execFile)("aws", args, options);
      return stdout;
    },
    stop,
  };
}

async function answers(url: string): Promise<true | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true ? true : undefined;
}

/** A distribution in front of a bucket; gives its id. */
export async function createDistribution(moto: Moto, bucket: string): Promise<string> {
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
  const client = new CloudFrontClient({ endpoint: moto.url, region: "us-east-1", credentials });
  const Id = `s3-${bucket}`;
  const answer = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: bucket,
        Comment: "",
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id,
              DomainName: `${bucket}.s3.${REGION}.amazonaws.com`,
              S3OriginConfig: { OriginAccessIdentity: "" },
            },
          ],
        },
        DefaultCacheBehavior: { TargetOriginId: Id, ViewerProtocolPolicy: "allow-all" },
      },
    }),
  );
  client.destroy();
  const id = answer.Distribution?.Id;
  if (id === undefined) throw new Error("moto made a distribution without an id");
  return id;
}
