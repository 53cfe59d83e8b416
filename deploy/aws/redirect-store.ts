import {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  ListKeysCommand,
  UpdateKeysCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";
// The store's requests are signed with SigV4A, for which the client finds the signer only if it is loaded.
import "@aws-sdk/signature-v4a";
import { type AwsTarget, clientSettings } from "./clients.ts";
import { toFailure } from "./failure.ts";
import type { TrafficMeter } from "./traffic.ts";

/** BC kvs: one update takes at most 50 keys, and a page of a listing has no more. */
const MOST_KEYS = 50;
const MOST_BYTES = 3_000_000;

/** One key value store. */
export interface RedirectStore {
  entries(): Promise<ReadonlyMap<string, string>>;
  /**
   * Puts and removes in batches; each batch happens whole or not at all. Rejects when somebody else has
   * written since `entries` or the last update.
   */
  update(change: {
    readonly put: readonly (readonly [string, string])[];
    readonly remove: readonly string[];
  }): Promise<void>;
}

export type RedirectStoreOptions = {
  /** Asked before each request, because a large table takes minutes; what it rejects with is passed on. */
  readonly proceed?: () => Promise<void>;
  /** Counts what is sent. */
  readonly meter?: Pick<TrafficMeter, "watch">;
};

/** The store with this ARN, over the AWS SDK. Its failures are SlipwayErrors of kind "cloud". */
export function createRedirectStore(
  target: AwsTarget,
  arn: string,
  { proceed = async () => {}, meter }: RedirectStoreOptions = {},
): RedirectStore {
  const client = createClient(target);
  meter?.watch(client);
  const attempt = async <Answer>(action: string, send: () => Promise<Answer>): Promise<Answer> => {
    await proceed();
    try {
      return await send();
    } catch (error) {
      const resource = `the key value store ${arn}`;
      throw toFailure(error, { action: `cloudfront-keyvaluestore:${action}`, resource });
    }
  };
  const describe = () =>
    attempt("DescribeKeyValueStore", () =>
      client.send(new DescribeKeyValueStoreCommand({ KvsARN: arn })),
    );

  /** Of the whole store: each write needs it and gives the next one (BC kvs). */
  let etag: string | undefined;

  return {
    async entries() {
      const found = new Map<string, string>();
      const { ItemCount, ETag } = await describe();
      etag = ETag;
      let token: string | undefined;
      if (ItemCount === 0) return found;
      do {
        const page = await attempt("ListKeys", () =>
          client.send(
            new ListKeysCommand({ KvsARN: arn, MaxResults: MOST_KEYS, NextToken: token }),
          ),
        );
        for (const { Key, Value } of page.Items ?? []) found.set(Key ?? "", Value ?? "");
        token = page.NextToken;
      } while (token !== undefined);
      return found;
    },
    async update({ put, remove }) {
      const steps = batchesOf([
        ...put.map(([Key, Value]) => ({ kind: "put", entry: { Key, Value } }) as const),
        ...remove.map((Key) => ({ kind: "remove", entry: { Key } }) as const),
      ]);
      if (steps.length === 0) return;
      etag ??= (await describe()).ETag;
      for (const batch of steps) {
        const answer = await attempt("UpdateKeys", () =>
          client.send(
            new UpdateKeysCommand({
              KvsARN: arn,
              IfMatch: etag,
              Puts: batch.flatMap((step) => (step.kind === "put" ? [step.entry] : [])),
              Deletes: batch.flatMap((step) => (step.kind === "remove" ? [step.entry] : [])),
            }),
          ),
        );
        etag = answer.ETag;
      }
    },
  };
}

type Step =
  | { readonly kind: "put"; readonly entry: { readonly Key: string; readonly Value: string } }
  | { readonly kind: "remove"; readonly entry: { readonly Key: string } };

function batchesOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const batches: Step[][] = [];
  let bytes = 0;
  for (const step of steps) {
    const size = Buffer.byteLength(JSON.stringify(step.entry));
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST_KEYS || bytes + size > MOST_BYTES) {
      batches.push([step]);
      bytes = size;
    } else {
      last.push(step);
      bytes += size;
    }
  }
  return batches;
}

/** A custom endpoint would get the account's id put before its host, which is no host at all then. */
function createClient(target: AwsTarget) {
  const { cdnEndpoint } = target;
  const authSchemes = [
    {
      name: "sigv4a",
      signingName: "cloudfront-keyvaluestore",
      signingRegion: "*",
      signingRegionSet: ["*"],
      properties: {},
    },
  ];
  return new CloudFrontKeyValueStoreClient({
    ...clientSettings(target),
    ...(cdnEndpoint === undefined
      ? {}
      : { endpointProvider: () => ({ url: new URL(cdnEndpoint), properties: { authSchemes } }) }),
  });
}
