/**
 * What an operator sees of the message bus, in our own words: `api/ops` gives values of these
 * shapes, and wiring is where the compiler holds the two together.
 */

export type KindCount = { readonly kind: string; readonly count: number };

/** How far a look at a queue went. */
export type Walked = {
  readonly queue: string;
  /** Messages that were ready when it began. */
  readonly depth: number;
  readonly seen: number;
  readonly matched: number;
};

export type BrokerSetup = {
  readonly exchanges: readonly string[];
  readonly queues: readonly string[];
  /** What bounds the error queues: `unknown` without a management API. */
  readonly bound: "written" | "unchanged" | "unknown";
};

export type ErrorQueue =
  | { readonly name: string; readonly kind: "missing" }
  | {
      readonly name: string;
      readonly kind: "present";
      readonly ready: number;
      readonly held: number | undefined;
      readonly bytes: number | undefined;
      readonly limit: number | undefined;
      readonly oldest: Date | undefined;
    };

/** What becomes of messages that no queue is bound for. */
export type Unroutable =
  | { readonly mode: "keep" | "discard"; readonly policy: string | undefined }
  | { readonly mode: "unknown"; readonly policy: string }
  | { readonly mode: "broken"; readonly policy: string; readonly why: string };

export type BrokerStatus = {
  readonly host: string;
  readonly vhost: string;
  readonly blocked: string | undefined;
  readonly queues: readonly ErrorQueue[];
  readonly management:
    | { readonly kind: "absent" }
    | {
        readonly kind: "failed";
        readonly what: string;
        readonly why: string;
        readonly next: string;
      }
    | {
        readonly kind: "asked";
        readonly broker: { readonly product: string; readonly version: string };
        readonly unroutable: Unroutable;
        readonly bound: readonly { readonly queue: string; readonly pattern: string }[];
        readonly alarms: readonly { readonly node: string; readonly kind: "memory" | "disk" }[];
      };
};

/** The API's outbox: events that wait for the broker. */
export type OutboxState =
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly why: string }
  | {
      readonly kind: "read";
      /** Where it is kept, without credentials. */
      readonly store: string;
      readonly pending: number;
      readonly failing: number;
      readonly oldestPending: Date | undefined;
      readonly unroutable: number;
      readonly lastError: string | undefined;
    };

/** Both at one look, for a page; `looking`: not yet. */
export type BusGlance =
  | { readonly kind: "looking" }
  | { readonly kind: "absent"; readonly outbox: OutboxState }
  | { readonly kind: "failed"; readonly why: string; readonly outbox: OutboxState }
  | { readonly kind: "seen"; readonly broker: BrokerStatus; readonly outbox: OutboxState };

export type UnroutableSwitch = { readonly mode: "keep" | "discard" } & (
  | { readonly kind: "declined" }
  | { readonly kind: "proven"; readonly changed: boolean }
  | { readonly kind: "unproven"; readonly changed: boolean; readonly why: string }
);

export type KindGroup = KindCount & {
  readonly bytes: number;
  readonly oldest: Date | undefined;
  readonly newest: Date | undefined;
  readonly replayed: number;
  readonly deaths: readonly {
    readonly queue: string;
    readonly reason: string;
    readonly count: number;
  }[];
};

export type MessageList = Walked & { readonly groups: readonly KindGroup[] };

export type MessageBody = {
  readonly encoding: "utf-8" | "base64";
  readonly text: string;
  /** Whether this is only its beginning. */
  readonly cut: boolean;
};

export type PeekedMessage = {
  readonly position: number;
  readonly id: string | undefined;
  readonly kind: string;
  readonly exchange: string;
  readonly time: Date | undefined;
  readonly appId: string | undefined;
  readonly correlationId: string | undefined;
  readonly contentType: string | undefined;
  readonly replays: number;
  readonly death:
    | {
        readonly queue: string;
        readonly reason: string;
        readonly count: number;
        readonly time: Date | undefined;
      }
    | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly body: MessageBody;
};

export type PeekedMessages = Walked & { readonly messages: readonly PeekedMessage[] };

export type ExportedMessages = Walked & { readonly file: string };

export type ReplayPreview = Walked & {
  readonly routes: readonly (KindCount & {
    /** Queues that are bound for it now; undefined where no management API tells. */
    readonly queues: readonly string[] | undefined;
  })[];
};

export type ReplayResult = ReplayPreview &
  (
    | { readonly kind: "nothing-matched" | "nobody-bound" | "dry-run" | "declined" }
    | {
        readonly kind: "replayed";
        readonly replayed: number;
        readonly unbound: number;
        readonly failed: readonly {
          readonly id: string | undefined;
          readonly kind: string;
          readonly why: string;
        }[];
        readonly failedCount: number;
        readonly stopped: string | undefined;
      }
  );

export type DropPreview = {
  readonly queue: string;
  readonly kinds: readonly KindCount[];
  readonly file: string;
};

export type DropResult = Walked & { readonly kinds: readonly KindCount[] } & (
    | { readonly kind: "nothing-matched" | "dry-run" }
    | { readonly kind: "declined" | "dropped"; readonly file: string }
  );

export type RepublishResult =
  | { readonly kind: "declined"; readonly since: Date }
  | { readonly kind: "republished"; readonly since: Date; readonly events: number };

export type TailedEvent = {
  readonly kind: string;
  readonly id: string | undefined;
  readonly time: Date | undefined;
  readonly queues: readonly string[];
  readonly replays: number;
  readonly bytes: number;
  readonly body: MessageBody;
};

/** What each verb of `slipway events` gives back. */
export type EventsResult =
  | { readonly verb: "setup"; readonly result: BrokerSetup }
  | {
      readonly verb: "status";
      readonly result: { readonly broker: BrokerStatus; readonly outbox: OutboxState };
    }
  | { readonly verb: "keep" | "discard"; readonly result: UnroutableSwitch }
  | { readonly verb: "list"; readonly result: MessageList }
  | { readonly verb: "peek"; readonly result: PeekedMessages }
  | { readonly verb: "export"; readonly result: ExportedMessages }
  | { readonly verb: "replay"; readonly result: ReplayResult }
  | { readonly verb: "drop" | "purge"; readonly result: DropResult }
  | { readonly verb: "republish"; readonly result: RepublishResult }
  | { readonly verb: "outbox"; readonly result: OutboxState };
