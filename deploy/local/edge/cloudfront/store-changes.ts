import { type ApiAnswer, type ApiCall, bodyElement, created, NO_CONTENT } from "./api.ts";
import { ApiError, invalidArgument, notImplemented } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { optionalText, requiredText } from "./fields.ts";
import type { Plane } from "./plane.ts";
import { storesInUse } from "./references.ts";
import { checkIfMatch, newRevision } from "./revision.ts";
import { findStore, newStore, storeAnswer } from "./store-summary.ts";
import { addTags, dropTags } from "./tag-routes.ts";
import { childOf, type XmlNode } from "./xml.ts";

/** CF-DG "Quotas on key value stores": the lower of the published figures. */
const MAX_STORES = 50;
const MAX_COMMENT = 128;

/** CreateKeyValueStore: an empty one, which takes a moment before it is ready. */
export async function createStore(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const { stores, clock } = plane;
  const request = bodyElement(call, "CreateKeyValueStoreRequest");
  const { name, comment } = readNewStore(request);
  if (stores.list().some((store) => store.name === name)) {
    throw new ApiError(409, "EntityAlreadyExists", `A key value store "${name}" exists already.`);
  }
  if (stores.list().length >= MAX_STORES) {
    throw new ApiError(400, "EntityLimitExceeded", `There are ${MAX_STORES} stores already.`);
  }
  const store = newStore(name, comment, clock.now());
  await stores.put(store);
  await addTags(arnOf("key-value-store", store.id), childOf(request, "Tags"), plane);
  return created(storeAnswer(store, plane), `key-value-store/${name}`);
}

/** UpdateKeyValueStore: its comment, which is all that can change of it here. */
export async function updateStore(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const store = findStore(call.id, plane);
  checkIfMatch(call.ifMatch, store);
  const comment = requiredText(bodyElement(call, "UpdateKeyValueStoreRequest"), "Comment");
  checkComment(comment);
  const updated = { ...store, comment, ...newRevision(plane.clock.now()) };
  await plane.stores.put(updated);
  return storeAnswer(updated, plane);
}

/** DeleteKeyValueStore, with its entries. */
export async function deleteStore(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const store = findStore(call.id, plane);
  checkIfMatch(call.ifMatch, store);
  if (storesInUse(plane.functions.list()).has(store.id)) {
    const why = "The key value store is associated with a function.";
    throw new ApiError(409, "CannotDeleteEntityWhileInUse", why);
  }
  await plane.stores.remove(store.id);
  await dropTags(arnOf("key-value-store", store.id), plane);
  return NO_CONTENT;
}

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
