import { EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation } from "../cli/program.ts";
import { renderEdge, renderEdgeEnv } from "../cli/render-edge.ts";
import { environmentOf } from "../config.ts";
import { SlipwayError } from "../core/errors.ts";
import { readEdgeCredentials } from "../local/edge/credentials.ts";
import { type LocalEdge, type LocalEdgeOptions, startLocalEdge } from "../local/edge/local-edge.ts";
import { announceEdge, edgeDirectory, findEdge, withdrawEdge } from "../local/edge-presence.ts";
import { createBusGlance } from "./bus-glance.ts";
import { runBuild, runDeploy } from "./handlers.ts";
import { printFunction } from "./print-function.ts";
import type { Wiring } from "./wiring.ts";

type EdgeInvocation = Extract<Invocation, { readonly command: "edge" }>;

const DEFAULT_PORT = 8788;
const REGION = "us-east-1";
const BUCKET = "slipway-local";
const DISTRIBUTION = "E0SLIPWAYLOCAL";

/**
 * `slipway edge`: the local edge in the foreground, until Ctrl-C. With `--publish` it first brings
 * the site of this checkout onto itself; if that fails, the edge ends with that failure.
 */
export async function runEdge(wiring: Wiring, invocation: EdgeInvocation): Promise<number> {
  const directory = edgeDirectory(wiring.surroundings.root);
  if (invocation.printFunction !== undefined) {
    return await printFunction(wiring, invocation.printFunction);
  }
  const environment = environmentOf(wiring.config, invocation.global.env);
  if (environment.kind !== "local") throw notLocal();
  if (invocation.printEnv) return await printEnv(wiring, directory, invocation.port);

  const stop = untilSignal();
  const edge = await start(directory, invocation.port ?? DEFAULT_PORT, {
    apiOrigin: invocation.api ?? environment.api,
    bus: createBusGlance(wiring.surroundings),
  });
  try {
    const published = invocation.publish ? await Promise.race([publish(wiring), stop]) : 0;
    if (published === "stopped") return EXIT_CODES.done.code;
    if (published !== EXIT_CODES.done.code) return published;
    wiring.say(renderEdge(edge, wiring.paint));
    if (invocation.global.json) {
      const { viewerUrl, apiUrl, bucket, distributionId, region } = edge;
      const document = {
        version: 1,
        command: "edge",
        viewerUrl,
        apiUrl,
        bucket,
        distributionId,
        region,
      };
      wiring.surroundings.stdout.write(`${JSON.stringify(document)}\n`);
    }
    await stop;
    return EXIT_CODES.done.code;
  } finally {
    await withdrawEdge(directory);
    await edge.close();
  }
}

async function start(
  directory: string,
  port: number,
  parts: Pick<LocalEdgeOptions, "apiOrigin" | "bus">,
): Promise<LocalEdge> {
  const edge = await startLocalEdge({
    directory,
    viewerPort: port,
    apiPort: port + 1,
    bucket: BUCKET,
    distributionId: DISTRIBUTION,
    region: REGION,
    ...parts,
  });
  const { viewerUrl, apiUrl, credentials, bucket, distributionId: distribution, region } = edge;
  const presence = { pid: process.pid, viewerUrl, apiUrl, region, bucket, distribution };
  await announceEdge(directory, { ...presence, ...credentials });
  return edge;
}

/** The exit code of the first of the two that fails, or 0. */
async function publish(wiring: Wiring): Promise<number> {
  await runBuild(wiring);
  const { exitCode } = await runDeploy(wiring, {
    wait: true,
    waitForLock: 0,
    verify: false,
    force: false,
    allowed: [],
  });
  return exitCode;
}

/** The running edge's address; without one, the address that it will have. */
async function printEnv(
  wiring: Wiring,
  directory: string,
  port: number | undefined,
): Promise<number> {
  const running = findEdge(directory);
  const access = running ?? {
    ...(await readEdgeCredentials(directory)),
    apiUrl: `http://127.0.0.1:${(port ?? DEFAULT_PORT) + 1}`,
    region: REGION,
    bucket: BUCKET,
    distribution: DISTRIBUTION,
  };
  const { stdout } = wiring.surroundings;
  if (wiring.invocation.global.json) {
    const { apiUrl, region, bucket, distribution, accessKeyId, secretAccessKey } = access;
    const keys = { accessKeyId, secretAccessKey };
    const document = { version: 1, command: "edge", apiUrl, region, bucket, distribution, ...keys };
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    wiring.say(renderEdgeEnv(access));
  }
  return EXIT_CODES.done.code;
}

function untilSignal(): Promise<"stopped"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => resolve("stopped"));
    }
  });
}

function notLocal(): SlipwayError {
  return new SlipwayError("usage", {
    what: "The local edge serves environments of kind local only",
    why: "--env names an environment in AWS",
    next: "Leave --env away.",
  });
}
