import type { Measured } from "../measured-run.ts";

/** What a contestant took, in the middle of its runs. */
export type Medians = {
  readonly name: string;
  readonly posts: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
};

export function mediansOf(name: string, posts: number, runs: readonly Measured[]): Medians {
  return {
    name,
    posts,
    seconds: median(runs.map((run) => run.seconds)),
    cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
    peakMebibytes: median(runs.map((run) => (run.peakMegabytes * 1e6) / 2 ** 20)),
  };
}

const HEAD = [
  "| articles | built by | seconds | processor seconds | against bare Eleventy's | peak MiB |",
  "| ---: | --- | ---: | ---: | ---: | ---: |",
];

/** A Markdown table; processor time is also a multiple of the first contestant's at the same size. */
export function renderBuilds(rows: readonly Medians[]): string {
  return [
    ...HEAD,
    ...rows.map((row) => {
      const first = rows.find(({ posts }) => posts === row.posts);
      const ratio =
        first && first !== row ? `${(row.cpuSeconds / first.cpuSeconds).toFixed(2)} ×` : "";
      const cells = [
        row.posts.toLocaleString("en-GB"),
        row.name,
        row.seconds.toFixed(2),
        row.cpuSeconds.toFixed(2),
        ratio,
        row.peakMebibytes.toFixed(0),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}
