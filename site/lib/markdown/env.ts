import type MarkdownIt from "markdown-it";
import type { ImageLookup } from "../images/found.ts";
import type { Problem } from "../problem.ts";
import type { Place } from "./places.ts";

/** What the rules know of the text they work on, and where they put what they find. */
export type Env = {
  readonly file: string;
  /** The number that the text's first line has in its file, from 1. */
  readonly firstLine: number;
  readonly images: ImageLookup;
  readonly problems: Problem[];
  readonly places: Place[];
};

export type Token = ReturnType<MarkdownIt["parse"]>[number];
export type CoreState = Parameters<Parameters<MarkdownIt["core"]["ruler"]["push"]>[1]>[0];

/** The line of the author's file where a block begins. */
export function lineOf(token: Pick<Token, "map">, env: Env): number {
  return env.firstLine + (token.map?.[0] ?? 0);
}
