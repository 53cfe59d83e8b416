/** Every tag that a post may carry. An empty list allows any. */
const allTags: readonly string[] = [
  "architecture",
  "aws",
  "deployment",
  "messaging",
  "open-source",
  "static-sites",
  "team",
  "testing",
  "web-performance",
];

export default allTags;
