import { randomUUID } from "node:crypto";
import {
  type ApiAnswer,
  type ApiCall,
  bodyElement,
  created,
  NO_CONTENT,
  ok,
  type Route,
} from "./api.ts";
import { ApiError, invalidArgument, notImplemented } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { optionalText, requiredText } from "./fields.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { pageOf, shortList } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { storesInUse } from "./references.ts";
import { checkIfMatch, newRevision } from "./revision.ts";
import { addTags, dropTags } from "./tag-routes.ts";
import { childOf, type XmlNode, type XmlTree } from "./xml.ts";

/** CF-DG "Quotas on key value stores": the lower of the published figures. */
const MAX_STORES = 50;
const MAX_COMMENT = 128;

/** Key value stores, but for their entries (BC cloudfront CreateKeyValueStore and its like). */
export function storeRoutes(plane: Plane): readonly Route[] {
  const { stores, functions, clock, inTurn } = plane;

  const tree = (store: KeyValueStore): XmlTree => ({
    Name: store.name,
    Id: store.id,
    Comment: store.comment,
    ARN: arnOf("key-value-store", store.id),
    Status: storeStatus(store, plane),
    LastModifiedTime: new Date(store.changedAt).toISOString(),
  });
  const answer = (store: KeyValueStore) => ok("KeyValueStore", tree(store), store.etag);
  const find = (name: string) => {
    const store = stores.list().find((candidate) => candidate.name === name);
    if (store !== undefined) return store;
    throw new ApiError(404, "EntityNotFound", `The key value store "${name}" does not exist.`);
  };

  const create = (call: ApiCall): Promise<ApiAnswer> =>
    inTurn(async () => {
      const request = bodyElement(call, "CreateKeyValueStoreRequest");
      const { name, comment } = readNewStore(request);
      if (stores.list().some((store) => store.name === name)) {
        throw new ApiError(
          409,
          "EntityAlreadyExists",
          `A key value store "${name}" exists already.`,
        );
      }
      if (stores.list().length >= MAX_STORES) {
        throw new ApiError(400, "EntityLimitExceeded", `There are ${MAX_STORES} stores already.`);
      }
      const store = newStore(name, comment, clock.now());
      await stores.put(store);
      await addTags(arnOf("key-value-store", store.id), childOf(request, "Tags"), plane);
      return created(answer(store), `key-value-store/${name}`);
    });
  const list = ({ query }: ApiCall) => {
    const status = query.get("Status");
    const listed = stores.list().filter((store) => !status || storeStatus(store, plane) === status);
    return ok("KeyValueStoreList", shortList(pageOf(listed, query, nameOf), "KeyValueStore", tree));
  };
  const update = (call: ApiCall) =>
    inTurn(async () => {
      const store = find(call.id);
      checkIfMatch(call.ifMatch, store);
      const comment = requiredText(bodyElement(call, "UpdateKeyValueStoreRequest"), "Comment");
      checkComment(comment);
      const updated = { ...store, comment, ...newRevision(clock.now()) };
      await stores.put(updated);
      return answer(updated);
    });
  const remove = (call: ApiCall) =>
    inTurn(async () => {
      const store = find(call.id);
      checkIfMatch(call.ifMatch, store);
      if (storesInUse(functions.list()).has(store.id)) {
        throw new ApiError(
          409,
          "CannotDeleteEntityWhileInUse",
          "The key value store is associated with a function.",
        );
      }
      await stores.remove(store.id);
      await dropTags(arnOf("key-value-store", store.id), plane);
      return NO_CONTENT;
    });

  const path = "key-value-store";
  const one = `${path}/{Name}`;
  return [
    { operation: "CreateKeyValueStore", method: "POST", path, answer: create },
    { operation: "ListKeyValueStores", method: "GET", path, answer: list },
    {
      operation: "DescribeKeyValueStore",
      method: "GET",
      path: one,
      answer: ({ id }) => answer(find(id)),
    },
    { operation: "UpdateKeyValueStore", method: "PUT", path: one, answer: update },
    { operation: "DeleteKeyValueStore", method: "DELETE", path: one, answer: remove },
  ];
}

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

/** A new store takes a moment before it can be written to. */
export function storeStatus(
  { createdAt }: KeyValueStore,
  { clock, deploymentMs }: Pick<Plane, "clock" | "deploymentMs">,
): "PROVISIONING" | "READY" {
  return clock.now().getTime() < createdAt + deploymentMs ? "PROVISIONING" : "READY";
}

const nameOf = ({ name }: KeyValueStore) => name;

function readNewStore(request: XmlNode): { readonly name: string; readonly comment: string } {
  const name = requiredText(request, "Name");
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw invalidArgument("The name must have 1 to 64 letters, digits, hyphens or underscores.");
  }
  if (childOf(request, "ImportSource") !== undefined) {
    throw notImplemented("ImportSource; create the store, then put its keys with UpdateKeys");
  }
  const comment = optionalText(request, "Comment") ?? "";
  checkComment(comment);
  return { name, comment };
}

function checkComment(comment: string): void {
  if (comment.length > MAX_COMMENT) {
    throw invalidArgument(`The comment may have ${MAX_COMMENT} characters.`);
  }
}
