import { type ApiAnswer, type ApiCall, ok, type Route } from "./api.ts";
import { pageOf, shortList } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { createStore, deleteStore, updateStore } from "./store-changes.ts";
import { findStore, storeAnswer, storeStatus, storeTree } from "./store-summary.ts";

const PATH = "key-value-store";
const ONE = `${PATH}/{Name}`;

/** Key value stores, but for their entries (BC cloudfront CreateKeyValueStore and its like). */
export function storeRoutes(plane: Plane): readonly Route[] {
  const inTurn = (change: (call: ApiCall, plane: Plane) => Promise<ApiAnswer>) => (call: ApiCall) =>
    plane.inTurn(() => change(call, plane));
  return [
    { operation: "CreateKeyValueStore", method: "POST", path: PATH, answer: inTurn(createStore) },
    {
      operation: "ListKeyValueStores",
      method: "GET",
      path: PATH,
      answer: (call) => listStores(call, plane),
    },
    {
      operation: "DescribeKeyValueStore",
      method: "GET",
      path: ONE,
      answer: ({ id }) => storeAnswer(findStore(id, plane), plane),
    },
    { operation: "UpdateKeyValueStore", method: "PUT", path: ONE, answer: inTurn(updateStore) },
    { operation: "DeleteKeyValueStore", method: "DELETE", path: ONE, answer: inTurn(deleteStore) },
  ];
}

/** Those in the status asked for, or all. */
function listStores({ query }: ApiCall, plane: Plane): ApiAnswer {
  const status = query.get("Status") || undefined;
  const listed = plane.stores
    .list()
    .filter((store) => status === undefined || storeStatus(store, plane) === status);
  const page = pageOf(listed, query, ({ name }) => name);
  return ok(
    "KeyValueStoreList",
    shortList(page, "KeyValueStore", (store) => storeTree(store, plane)),
  );
}
