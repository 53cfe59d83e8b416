import type { DomainEvent } from "./domain/results.ts";

/**
 * What a long-running command tells while it works. For people; the result it returns at the end
 * holds everything that a program needs.
 */
export type ProgressEvent =
  | DomainEvent
  | { readonly kind: "build-started"; readonly command: string }
  | { readonly kind: "scan-started"; readonly folder: string }
  | { readonly kind: "scan-finished"; readonly files: number; readonly bytes: number }
  | { readonly kind: "lock-awaited"; readonly owner: string; readonly since: string }
  | { readonly kind: "writes-started"; readonly changes: number; readonly bytes: number }
  /** A part of a large file is there; `write-finished` counts what is left. */
  | { readonly kind: "bytes-confirmed"; readonly bytes: number }
  | { readonly kind: "write-finished"; readonly key: string; readonly bytes: number }
  | { readonly kind: "writes-finished"; readonly changes: number }
  | { readonly kind: "edge-published"; readonly changed: boolean }
  /** The CDN does not run the site's redirects, clean URLs and headers, and why. */
  | { readonly kind: "edge-unmanaged"; readonly why: string }
  | { readonly kind: "invalidation-started"; readonly paths: number; readonly everything: boolean }
  /** The CDN is busy with earlier ones, for so many seconds now. */
  | { readonly kind: "invalidation-held-up"; readonly seconds: number }
  /** Somebody else asked for so many, and they are waited for too. */
  | { readonly kind: "invalidation-awaited"; readonly invalidations: number }
  | { readonly kind: "invalidation-finished"; readonly seconds: number }
  | {
      readonly kind: "setup-step-started";
      readonly step: string;
      readonly title: string;
      readonly usualSeconds: number;
    }
  | {
      readonly kind: "setup-step-finished";
      readonly step: string;
      readonly title: string;
      readonly seconds: number;
    }
  | { readonly kind: "removal-started"; readonly keys: number }
  | { readonly kind: "removal-finished"; readonly keys: number }
  /** Others were told what happened; `unroutable`: nobody is interested. */
  | {
      readonly kind: "event-published";
      readonly event: string;
      readonly outcome: "routed" | "unroutable";
    }
  | { readonly kind: "event-unpublished"; readonly event: string; readonly why: string };
