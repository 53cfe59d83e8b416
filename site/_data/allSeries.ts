/** Articles that belong together. Their order is that of their dates. */
export type Series = { readonly title: string; readonly description: string };

/** By the key that an article's front matter names: `series: nothing-lost`. */
const allSeries: Readonly<Record<string, Series>> = {
  "nothing-lost": {
    title: "Nothing lost, nothing torn",
    description:
      "What it takes to publish and to send messages so that a crash in the middle breaks nothing: tests that prove it, exchanges, releases and an outbox.",
  },
};

export default allSeries;
