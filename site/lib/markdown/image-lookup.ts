/** An image that an author named: what it is, and what a page may load in its place. */
export type SiteImage = {
  /** Changes when the bytes or anything that is made of them change. */
  readonly id: string;
  /** Pixels of the image as it was drawn. */
  readonly width: number;
  readonly height: number;
  /** Root-relative addresses, in the order in which a browser shall choose. */
  readonly variants: readonly ImageVariant[];
};

export type ImageVariant = {
  readonly type: "image/avif" | "image/webp" | "image/jpeg" | "image/png" | "image/svg+xml";
  readonly width: number;
  readonly url: string;
};

/** The image that `path`, as an author wrote it in `file`, names; undefined when there is none. No side effect. */
export type ImageLookup = (file: string, path: string) => SiteImage | undefined;
