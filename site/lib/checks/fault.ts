/**
 * What helps to find a place of a finished page in the author's files: the words as they stand in the
 * page, what they are, and where in the page's text they begin.
 */
export type Clue = {
  readonly kind: "link" | "image" | "heading" | "html" | "head";
  readonly text: string;
  readonly offset: number;
};

/** Something wrong with a finished page, before it is known which line of which file it comes from. */
export type Fault = {
  /** Left out for a mistake that stops the build. */
  readonly level?: "warning";
  readonly field: string;
  readonly message: string;
  readonly fix: string;
  readonly clue: Clue;
  /** An element begins and ends in different places, so what is told first may be another's fault. */
  readonly unbalanced?: true;
};
