import { randomUUID } from "node:crypto";
import { type ApiAnswer, ok } from "./api.ts";
import { ApiError } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { Plane } from "./plane.ts";
import { newRevision } from "./revision.ts";
import type { XmlTree } from "./xml.ts";

type Timing = Pick<Plane, "clock" | "deploymentMs">;

/** An empty store. */
export function newStore(name: string, comment: string, now: Date): KeyValueStore {
  return {
    id: randomUUID(),
    name,
    comment,
    createdAt: now.getTime(),
    ...newRevision(now),
    contents: { ...newRevision(now), entries: new Map(), bytes: 0 },
  };
}

/** Throws the ApiError of a store that is not there. */
export function findStore(name: string, { stores }: Pick<Plane, "stores">): KeyValueStore {
  const store = stores.list().find((candidate) => candidate.name === name);
  if (store !== undefined) return store;
  throw new ApiError(404, "EntityNotFound", `The key value store "${name}" does not exist.`);
}

/** A store as the control plane tells it, with the ETag of its description. */
export function storeAnswer(store: KeyValueStore, timing: Timing): ApiAnswer {
  return ok("KeyValueStore", storeTree(store, timing), store.etag);
}

export function storeTree(store: KeyValueStore, timing: Timing): XmlTree {
  return {
    Name: store.name,
    Id: store.id,
    Comment: store.comment,
    ARN: arnOf("key-value-store", store.id),
    Status: storeStatus(store, timing),
    LastModifiedTime: new Date(store.changedAt).toISOString(),
  };
}

/** A new store takes a moment before it can be written to. */
export function storeStatus(
  { createdAt }: KeyValueStore,
  { clock, deploymentMs }: Timing,
): "PROVISIONING" | "READY" {
  return clock.now().getTime() < createdAt + deploymentMs ? "PROVISIONING" : "READY";
}
