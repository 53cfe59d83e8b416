import type { Commit } from "../storage/model.ts";
import { defaultOwnership, defaultPublicAccessBlock } from "./setting-defaults.ts";

export type NewBucket = {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly region: string;
  /** Default BucketOwnerEnforced: no ACLs. */
  readonly ownership?: string;
};

/** What creates a bucket as S3 creates one: public access blocked, ACLs switched off. */
export function newBucket(bucket: NewBucket): readonly Commit[] {
  const { name, at, region, ownership = "BucketOwnerEnforced" } = bucket;
  const configured = (setting: string, value: string) =>
    ({ kind: "bucket-configured", bucket: name, setting, value }) as const;
  return [
    { kind: "bucket-created", bucket: name, at, region },
    configured("ownershipControls", defaultOwnership(ownership)),
    configured("publicAccessBlock", defaultPublicAccessBlock()),
  ];
}
