import { describe, expect, it } from "vitest";
import type { AwsConnection, CdnConnection } from "../../deploy/aws/connect.ts";
import { cdnOf } from "../../deploy/commands/invalidation.ts";
import { ESTATE_KEY, estateText } from "../../deploy/core/setup/estate-record.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import { withRecordedDistribution } from "../../deploy/wiring/recorded-distribution.ts";
import { sha256 } from "../support/builders.ts";
import { createMemoryObjectStore } from "../support/memory-object-store.ts";
import { createRecordingCdn } from "../support/recording-cdn.ts";

const RECORD = {
  version: 1,
  site: "example",
  environment: "production",
  account: "111122223333",
  distribution: { id: "E1", arn: "arn:d", domainName: "d.cloudfront.net" },
  access: "OAC1",
  store: "arn:s",
  headersPolicy: "p",
  viewerRequest: "arn:q",
  viewerResponse: "arn:r",
} as const;
const PROGRAM = { digest: sha256("rules"), text: "rules" };

/** An environment whose config names no distribution; `log` has what was asked of the bucket. */
async function connection(written: "record" | "nothing" | "rubbish") {
  const log: string[] = [];
  const { state } = createMemoryObjectStore(log);
  const body = { record: gzipCodec.encode(estateText(RECORD)), rubbish: new Uint8Array([1, 2]) };
  if (written !== "nothing") await state.write(ESTATE_KEY, body[written], { kind: "absent" });
  log.length = 0;
  const connected: string[] = [];
  const connectCdn = (id: string): CdnConnection => {
    connected.push(id);
    const publish = async () => ({ kind: "published", changed: true }) as const;
    return { cdn: createRecordingCdn([]), edge: { publish } };
  };
  const bare = { state, connectCdn, cdn: undefined, edge: undefined } as unknown as AwsConnection;
  return { ...withRecordedDistribution(bare, gzipCodec), log, connected };
}

describe("a distribution that setup wrote down", () => {
  it("is not looked for before the CDN has something to do", async () => {
    expect((await connection("record")).log).toEqual([]);
  });

  it("is looked for once, and then has all that is asked of a CDN", async () => {
    const { cdn, edge, log, connected } = await connection("record");
    expect(await cdnOf(cdn)).toBeDefined();
    expect(await edge?.publish(PROGRAM)).toEqual({ kind: "published", changed: true });
    expect(await cdnOf(cdn)).toBeDefined();
    expect(connected[0]).toBe("E1");
    expect(log).toEqual([`read ${ESTATE_KEY}`]);
  });

  it.each(["nothing", "rubbish"] as const)("where there is %s is none", async (written) => {
    const { cdn, edge } = await connection(written);
    expect(await cdnOf(cdn)).toBeUndefined();
    expect(await edge?.publish(PROGRAM)).toMatchObject({
      kind: "unmanaged",
      why: expect.stringContaining("slipway setup"),
    });
  });
});
