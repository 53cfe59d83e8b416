import type { Revision } from "./revision.ts";

/** A function of the API with its two stages. */
export type FunctionRecord = {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly development: FunctionStage;
  /** What viewers meet; undefined until the first PublishFunction. */
  readonly live: PublishedStage | undefined;
};

export type FunctionStage = Revision & {
  readonly config: FunctionConfig;
  /** Base64. */
  readonly code: string;
};

export type PublishedStage = FunctionStage & {
  /** The ETag of the development stage that it is a copy of. */
  readonly publishedFrom: string;
};

export type FunctionConfig = {
  readonly comment: string;
  readonly runtime: "cloudfront-js-1.0" | "cloudfront-js-2.0";
  /** The id of the associated key value store. */
  readonly store: string | undefined;
};

export type StageName = "DEVELOPMENT" | "LIVE";

/** The text of a stage's code. */
export function codeText({ code }: FunctionStage): string {
  return Buffer.from(code, "base64").toString("utf8");
}
