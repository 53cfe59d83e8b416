import type { ListedObject } from "./core/drift.ts";
import type { EdgeDocument } from "./core/edge-document.ts";
import type { Redirects } from "./core/guards.ts";
import type { ObjectHeaders } from "./core/headers.ts";
import type { ObjectKey, UrlPath } from "./core/keys.ts";
import type { DeployProcess } from "./core/lock.ts";
import type { ManifestEntry } from "./core/manifest.ts";
import type { ProgressEvent } from "./core/progress.ts";
import type { Provenance } from "./core/provenance.ts";
import type { InvalidationState } from "./core/results.ts";
import type { SiteEvent } from "./core/site-event.ts";
import type { SourceFile } from "./core/source.ts";

/**
 * What the commands need of the world, in our own words. An adapter either does what it promises or
 * throws: a SlipwayError where it knows the reason. Retry and concurrency limits are its own affair.
 */

/** How the store answered a write. */
export type Stored = Pick<ManifestEntry, "etag" | "versionId">;

/** What reading one of our own records gives; `unchanged`: it is still what the reader holds. */
export type StateRead =
  | { readonly kind: "absent" }
  | { readonly kind: "unchanged" }
  | { readonly kind: "found"; readonly body: Uint8Array; readonly etag: string };

/** When a record may be written: only if absent, or only if it is still what was read. */
export type WriteCondition =
  | { readonly kind: "absent" }
  | { readonly kind: "unchanged"; readonly etag: string };

/** `moved`: the condition did not hold, and nothing was written. */
export type ConditionalWrite =
  | { readonly kind: "written"; readonly stored: Stored }
  | { readonly kind: "moved" };

/** The fate of one key in a batch of removals. */
export type Removal =
  | { readonly key: ObjectKey; readonly kind: "removed" }
  | {
      readonly key: ObjectKey;
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
    };

/** A part of the bucket's keys, in their order: after `after`, up to and with `upTo`. */
export type KeyRange = {
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly upTo?: string | undefined;
};

/**
 * Asked before a write begins, which may have waited for its turn, and again and again while a large
 * file travels: may it go on? Told the bytes that the store has confirmed since the last time. When
 * it rejects, the write ends with that error, and nothing is stored.
 */
export type Proceed = (bytes: number) => Promise<void>;

/** The site's files in the bucket. */
export interface ObjectStore {
  /**
   * Stores the file's bytes with its headers, wherever they come from. Idempotent. Throws, and stores
   * nothing, when the bytes are no longer those that the plan was made from.
   */
  putFile(file: SourceFile, proceed?: Proceed): Promise<Stored>;

  /**
   * Gives a stored object new headers without sending its bytes. `moved` when the object is no longer
   * the one with this ETag; then nothing was written.
   */
  replaceHeaders(
    key: ObjectKey,
    update: { readonly headers: ObjectHeaders; readonly etag: string },
    proceed?: Proceed,
  ): Promise<ConditionalWrite>;

  /** Removes objects; absent ones count as removed. One fate per key, in the order of `keys`. */
  remove(keys: readonly ObjectKey[]): Promise<readonly Removal[]>;

  /** Every object of the range, sorted by key: complete, or it throws. */
  list(range: KeyRange): Promise<readonly ListedObject[]>;

  /** The bytes of an object as it is now; undefined when there is none. */
  read(key: ObjectKey): Promise<Uint8Array | undefined>;
}

/** What the bucket keeps of objects that were overwritten or removed. */
export interface VersionStore {
  /** Whether this version is still there; a lifecycle rule may have removed it. */
  has(key: ObjectKey, versionId: string): Promise<boolean>;
}

/** Slipway's own records in the bucket, where two deploys can meet: every change is conditional. */
export interface StateStore {
  /** Reads a record, unless it is still the one with the ETag that is known. */
  read(key: ObjectKey, known?: string): Promise<StateRead>;

  /** Writes a record under its condition. */
  write(key: ObjectKey, body: Uint8Array, condition: WriteCondition): Promise<ConditionalWrite>;

  /** Removes a record if it is still the one with this ETag; says whether it was. */
  remove(key: ObjectKey, etag: string): Promise<boolean>;
}

/** A CDN's answer to an invalidation. */
export type InvalidationTicket = { readonly id: string; readonly state: InvalidationState };

/** `busy`: so much is in progress already that the CDN takes no more for now; it took nothing. */
export type InvalidationAnswer =
  | { readonly kind: "accepted"; readonly ticket: InvalidationTicket }
  | { readonly kind: "busy" };

/** The CDN in front of the bucket. */
export interface Cdn {
  /**
   * Asks the edge to forget these paths. The same `reference` with the same paths gives the earlier
   * ticket again, so a repeated call costs nothing.
   */
  invalidate(paths: readonly UrlPath[], reference: string): Promise<InvalidationAnswer>;

  /** How far an invalidation is. */
  invalidation(id: string): Promise<InvalidationTicket>;

  /** The ids of all that are in progress, whoever asked for them. */
  inProgress(): Promise<readonly string[]>;
}

/** How the CDN took a program. `unmanaged`: it has no functions of ours, and was left as it is. */
export type EdgePublication =
  | { readonly kind: "published"; readonly changed: boolean }
  | { readonly kind: "unmanaged"; readonly why: string };

/** What runs before and after the CDN's cache: redirects, clean URLs, headers. */
export interface EdgeRuntime {
  /**
   * Makes this program the live one. Idempotent: what is live already is not written again, and a
   * call that broke off is finished by the next. `proceed` is asked before each write, and again and
   * again while a large table travels; when it rejects, the publication ends with that error.
   */
  publish(program: EdgeDocument, proceed?: () => Promise<void>): Promise<EdgePublication>;
}

/** What the site wants of its edge, besides its files. */
export type SiteEdge = {
  readonly program: EdgeDocument;
  /** Whether a path, with its first slash, is sent on to another one. */
  readonly redirects: Redirects;
  /** Rules that are worth a look, a line each. */
  readonly notices: readonly string[];
};

/** The built site on this machine. */
export interface SiteFiles {
  /** The folder, as a person would write it. */
  readonly folder: string;

  /**
   * Every file with its fingerprint and headers, in any order. Throws when the folder is missing, a
   * file cannot be read, or a name cannot be a key; the error names all such files.
   */
  scan(): Promise<readonly SourceFile[]>;

  /** The rules that the last scan was made with. Throws when one of them is wrong; it names all. */
  edge(): Promise<SiteEdge>;

  /** The bytes of a file as they are now; undefined when it is gone. */
  read(key: ObjectKey): Promise<Uint8Array | undefined>;
}

/** The program that makes the site; any generator will do. */
export interface SiteBuilder {
  /** The command line of a build, as a person would type it. */
  commandLine(args: readonly string[]): string;

  /** Runs it to its end. Throws when it fails; what it said has been shown. */
  build(args: readonly string[]): Promise<void>;

  /** Runs the generator's development server until it ends. */
  serve(): Promise<void>;

  /** Begins an article with what the author typed. Throws when the site has no program for it, or it fails. */
  begin(args: readonly string[]): Promise<void>;
}

/** Time, so that tests own it. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** Where progress is told. */
export interface Reporter {
  report(event: ProgressEvent): void;
}

/** Where the source of the site stands, as far as version control knows. */
export interface SourceHistory {
  provenance(): Promise<Provenance>;
}

/** Bytes ⇄ text for our own records: gzip of UTF-8 JSON. `decode` throws on anything else. */
export interface RecordCodec {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

/** What can be known of other processes of this machine. */
export interface Processes {
  /** Whether that process has ended. False where it cannot be known. */
  isGone(process: DeployProcess): boolean;
}

/** Whether a person asked to stop (Ctrl-C). What is under way is finished, nothing new is begun. */
export interface Interruption {
  readonly requested: boolean;
}

/** Others who want to know what happens to the site. */
export interface EventPublisher {
  /**
   * Tells it once, within seconds. `unroutable`: it was taken, and nobody is interested. Rejects when
   * nobody confirmed it; then it may have arrived all the same.
   */
  publish(event: SiteEvent, time: Date): Promise<"routed" | "unroutable">;
}
