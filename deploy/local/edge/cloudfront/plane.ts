import type { Clock } from "../../../ports.ts";
import type { FunctionThread } from "../functions/function-thread.ts";
import type { Collection } from "./collection.ts";
import type { ConfigResource } from "./config-resource.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { TagSet } from "./tag-routes.ts";
import type { FunctionRecord } from "./viewer-function-record.ts";

/** Everything that the API keeps, and what its operations need besides. */
export type Plane = {
  readonly distributions: Collection<ConfigResource>;
  readonly functions: Collection<FunctionRecord>;
  readonly stores: Collection<KeyValueStore>;
  readonly headersPolicies: Collection<ConfigResource>;
  readonly accessControls: Collection<ConfigResource>;
  readonly tags: Collection<TagSet>;
  readonly clock: Pick<Clock, "now">;
  /** Where functions run. */
  readonly functionThread: FunctionThread;
  /** For how long a distribution tells InProgress after a change, and a new store PROVISIONING. */
  readonly deploymentMs: number;
  /** Runs one change at a time. */
  readonly inTurn: <T>(change: () => Promise<T>) => Promise<T>;
};
