import { existsSync } from "node:fs";
import { join } from "node:path";
import { openEmbeddedStore } from "./embedded/embedded-store.ts";
import { openPostgresStore } from "./postgres/postgres-store.ts";
import type { Store } from "./store.ts";

/** Which database: a PostgreSQL server by its URL, or a file in a folder of this machine. */
export type StoreAddress =
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "embedded"; readonly folder: string };

/** The embedded database's file in its folder. */
const FILE = "api.db";

/**
 * Opens the store. What breaks in the background is told to `report`, and mended by itself. Throws
 * StoreUnavailable when the embedded file cannot be opened; a PostgreSQL server is asked later.
 */
export function openStore(address: StoreAddress, report: (error: Error) => void): Store {
  switch (address.kind) {
    case "postgres":
      return openPostgresStore(address.url, report);
    case "embedded":
      return openEmbeddedStore(join(address.folder, FILE));
  }
}

/** Whether there is something to open: an embedded store is made by opening it. */
export function hasStore(address: StoreAddress): boolean {
  return address.kind === "postgres" || existsSync(join(address.folder, FILE));
}
