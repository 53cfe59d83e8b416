import { join } from "node:path";
import { readEdgeCredentials } from "../../deploy/local/edge/credentials.ts";
import { type CliOptions, type EdgeProcess, startEdge } from "./cli-process.ts";
import { connectToEdge, type EdgeClients } from "./edge-clients.ts";
import { configText, createTinyProject, type TempProject } from "./temp-project.ts";

/** A project with a running edge, and a proxy of the test's between the deploys and the edge. */
export type ProxiedProject<Proxy> = {
  readonly project: TempProject;
  readonly edge: EdgeProcess;
  readonly clients: EdgeClients;
  readonly proxy: Proxy;
  /** For every `slipway … --env live`. */
  readonly cli: CliOptions & { readonly env: Readonly<Record<string, string>> };
  close(): Promise<void>;
};

const BUCKET = "slipway-local";
const DISTRIBUTION = "E0SLIPWAYLOCAL";

type Closable = { readonly url: string; close(): Promise<void> };

/** In the environment "live" the edge is an AWS account that is reached through the proxy. */
export async function createProxiedProject<Proxy extends Closable>(
  startProxy: (target: string) => Promise<Proxy>,
): Promise<ProxiedProject<Proxy>> {
  const project = await createTinyProject({});
  const edge = await startEdge(project.root);
  const proxy = await startProxy(edge.apiUrl);
  const region = "us-east-1";
  const endpoints = { endpoint: proxy.url, cdnEndpoint: proxy.url };
  const live = { kind: "aws", bucket: BUCKET, region, distribution: DISTRIBUTION, ...endpoints };
  await project.write("slipway.config.ts", configText({ live }));
  const clients = await connectToEdge(project.root);
  const keys = await readEdgeCredentials(join(project.root, ".slipway", "edge"));
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = keys;
  return {
    project,
    edge,
    clients,
    proxy,
    cli: { env: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } },
    async close() {
      clients.close();
      await proxy.close();
      await edge.stop("SIGKILL");
      await project.dispose();
    },
  };
}
