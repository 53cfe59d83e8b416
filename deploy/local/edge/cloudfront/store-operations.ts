import { ApiError } from "./api-error.ts";
import { arnOf, nameInArn } from "./arn.ts";
import {
  changeEntries,
  type EntryChanges,
  type KeyValueStore,
  MAX_UPDATE_KEYS,
} from "./key-value-store.ts";
import type { Plane } from "./plane.ts";
import { newRevision } from "./revision.ts";
import { readEntryChanges, readValue } from "./store-requests.ts";
import { storeStatus } from "./store-summary.ts";

export type StoreCall = {
  readonly arn: string;
  /** Of the path, or "". */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly ifMatch: string | undefined;
  readonly body: Buffer;
};

export type StoreAnswer = { readonly etag?: string; readonly body: object };

type Operation = (call: StoreCall) => StoreAnswer | Promise<StoreAnswer>;

const MAX_PAGE = 50;
const DEFAULT_PAGE = 10;

/**
 * What the data API does. Every write names the ETag of the whole store and gives it a new one, so of
 * two that were made from the same state one is refused. Throws ApiErrors with the API's codes.
 */
export function createStoreOperations(
  plane: Plane,
): Readonly<Record<"describe" | "list" | "get" | "put" | "delete" | "update", Operation>> {
  const find = (arn: string): KeyValueStore => {
    const store = plane.stores.get(nameInArn("key-value-store", arn) ?? "");
    if (store !== undefined) return store;
    throw new ApiError(404, "ResourceNotFoundException", `There is no key value store ${arn}.`);
  };
  const change = (call: StoreCall, changes: EntryChanges): Promise<StoreAnswer> =>
    plane.inTurn(async () => {
      const store = find(call.arn);
      checkState(call, store, plane);
      const changed = changeEntries(store.contents.entries, changes);
      if (changed.kind !== "changed") throw REFUSALS[changed.kind](changed.message);
      const { entries, bytes } = changed;
      const contents = { entries, bytes, ...newRevision(plane.clock.now()) };
      await plane.stores.put({ ...store, contents });
      return { etag: contents.etag, body: totals({ ...store, contents }) };
    });

  return {
    describe({ arn }) {
      const store = find(arn);
      const { etag, changedAt } = store.contents;
      return {
        etag,
        body: {
          ...totals(store),
          KvsARN: arnOf("key-value-store", store.id),
          Created: store.createdAt / 1000,
          LastModified: changedAt / 1000,
          Status: storeStatus(store, plane),
        },
      };
    },
    list: (call) => ({ body: pageOfKeys(find(call.arn), call.query) }),
    get({ arn, key }) {
      const store = find(arn);
      const value = store.contents.entries.get(key);
      if (value === undefined) throw noSuchKey(`There is no key "${key}".`);
      return { body: { Key: key, Value: value, ...totals(store) } };
    },
    put: (call) => change(call, { puts: [[call.key, readValue(call.body)]], deletes: [] }),
    delete: (call) => change(call, { puts: [], deletes: [call.key] }),
    update(call) {
      const changes = readEntryChanges(call.body);
      checkSize(changes);
      return change(call, changes);
    },
  };
}

function totals({ contents: { entries, bytes } }: KeyValueStore): object {
  return { ItemCount: entries.size, TotalSizeInBytes: bytes };
}

function checkState(call: StoreCall, store: KeyValueStore, plane: Plane): void {
  if (call.ifMatch === undefined || call.ifMatch === "") {
    throw invalid("If-Match must name the ETag of the store, as DescribeKeyValueStore gives it.");
  }
  if (call.ifMatch !== store.contents.etag) {
    throw conflict("The store has changed: the ETag in If-Match is not that of its current state.");
  }
  if (storeStatus(store, plane) !== "READY") throw conflict("The store is not ready yet.");
}

/** CF-DG "Quotas on key value stores". */
function checkSize({ puts, deletes }: EntryChanges): void {
  const keys = puts.length + deletes.length;
  if (keys === 0) throw invalid("There are neither Puts nor Deletes.");
  if (keys > MAX_UPDATE_KEYS) {
    throw overQuota(`The update names ${keys} keys; the most is ${MAX_UPDATE_KEYS}.`);
  }
}

/** Sorted by key, because the API gives no order and a token must hold across writes. */
function pageOfKeys({ contents }: KeyValueStore, query: URLSearchParams): object {
  const size = Number(query.get("MaxResults") ?? DEFAULT_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
    throw invalid(`MaxResults must be a number from 1 to ${MAX_PAGE}.`);
  }
  const token = query.get("NextToken");
  const after = token === null || token === "" ? "" : readToken(token);
  const keys = [...contents.entries.keys()].filter((key) => key > after).sort();
  const page = keys.slice(0, size);
  const last = page.at(-1);
  const items = page.map((Key) => ({ Key, Value: contents.entries.get(Key) }));
  if (keys.length === page.length || last === undefined) return { Items: items };
  return { Items: items, NextToken: Buffer.from(last).toString("base64url") };
}

function readToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString("utf8");
  if (Buffer.from(key).toString("base64url") === token) return key;
  throw invalid("NextToken is not one that ListKeys gave.");
}

const conflict = (message: string) => new ApiError(409, "ConflictException", message);
const noSuchKey = (message: string) => new ApiError(404, "ResourceNotFoundException", message);
const overQuota = (message: string) => new ApiError(402, "ServiceQuotaExceededException", message);
const invalid = (message: string) => new ApiError(400, "ValidationException", message);

const REFUSALS = { invalid, "over-quota": overQuota, "no-such-key": noSuchKey };
