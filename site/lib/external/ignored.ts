/** Addresses that are not asked, by how they begin, each with the reason. */
export type Ignored = { readonly prefix: string; readonly because: string };

export const IGNORED: readonly Ignored[] = [
  { prefix: "https://www.nakedcoders.example/", because: "our own site, which the build checks" },
  { prefix: "http://127.0.0.1", because: "a reader's own machine, in instructions" },
  { prefix: "http://localhost", because: "a reader's own machine, in instructions" },
];
