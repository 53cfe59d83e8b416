import type { AwsConnection, CdnConnection } from "../aws/connect.ts";
import type { CdnAccess } from "../commands/invalidation.ts";
import { readEstateRecord } from "../commands/read-estate.ts";
import type { EdgeRuntime, RecordCodec } from "../ports.ts";

/** A connection whose CDN may have to be looked for. */
export type Connection = Omit<AwsConnection, "cdn"> & { readonly cdn: CdnAccess };

const NO_CDN = {
  kind: "unmanaged",
  why: "there is no distribution; slipway setup makes one",
} as const;

/**
 * The connection of an environment whose config names no distribution: the one that `setup` wrote into
 * the bucket. It is looked up when the CDN has something to do, once.
 */
export function withRecordedDistribution(
  connection: AwsConnection,
  codec: RecordCodec,
): Connection {
  const { state } = connection;
  let found: Promise<CdnConnection | undefined> | undefined;
  const look = async (): Promise<CdnConnection | undefined> => {
    const record = await readEstateRecord({ state, codec });
    return record && connection.connectCdn(record.distribution.id);
  };
  const find = async () => {
    found ??= look();
    return await found;
  };
  const edge: EdgeRuntime = {
    async publish(program) {
      return (await (await find())?.edge.publish(program)) ?? NO_CDN;
    },
  };
  return { ...connection, cdn: async () => (await find())?.cdn, edge };
}
