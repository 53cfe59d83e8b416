declare module "markdown-it-deflist" {
  /** Terms and what they mean: a line, and below it lines that begin with a colon. */
  export default function deflist(markdown: import("markdown-it").default): void;
}

declare module "markdown-it-footnote" {
  /** Texts of `[^name]` in a list at the end. Adds the core rule `footnote_tail`. */
  export default function footnotes(markdown: import("markdown-it").default): void;
}
