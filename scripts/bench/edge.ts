import { startLocalEdge } from "../../deploy/local/edge/local-edge.ts";

/**
 * The measured server, a process of its own: `node edge.ts DIRECTORY`. Says where it is once it
 * serves, and answers every message with what it has counted since the last one.
 */
export type EdgeHello = {
  readonly pid: number;
  readonly viewerUrl: string;
  readonly apiUrl: string;
  readonly region: string;
  readonly distributionId: string;
  /** What the distribution stands in front of. */
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export type EdgeCount = { readonly requests: number; readonly bytesIn: number };

const NOTHING: EdgeCount = { requests: 0, bytesIn: 0 };

async function main([directory = ""]: readonly string[]): Promise<void> {
  let counted = NOTHING;
  const edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: "bench-slipway",
    distributionId: "E0BENCH",
    onApiRequest: ({ bytesIn }) => {
      counted = { requests: counted.requests + 1, bytesIn: counted.bytesIn + bytesIn };
    },
  });
  process.on("message", () => {
    process.send?.(counted);
    counted = NOTHING;
  });
  process.once("disconnect", () => void edge.close());
  const { viewerUrl, apiUrl, region, distributionId, bucket, credentials } = edge;
  const { pid } = process;
  const hello = { pid, viewerUrl, apiUrl, region, distributionId, bucket, ...credentials };
  process.send?.(hello satisfies EdgeHello);
}

await main(process.argv.slice(2));
