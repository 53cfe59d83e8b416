/** One server asked for one page: what each round gave. */
export type Throughput = {
  readonly server: string;
  readonly page: string;
  /** The row that this one is compared with. */
  readonly besides: string | undefined;
  readonly rounds: readonly {
    readonly requestsPerSecond: number;
    /** The server's processor time for one request; undefined where the system does not tell. */
    readonly microseconds: number | undefined;
  }[];
};

const HEAD = [
  "| page | server | requests/s, median | least to most | against nginx | server CPU, µs a request | against nginx |",
  "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
];

/** A Markdown table. The ratios are those of the medians. */
export function renderThroughput(results: readonly Throughput[]): string {
  return [...HEAD, ...results.map((result) => rowOf(result, results))].join("\n");
}

function rowOf(result: Throughput, all: readonly Throughput[]): string {
  const { server, page, rounds } = result;
  const twin = all.find((other) => other.server === result.besides && other.page === page);
  const rates = rounds.map(({ requestsPerSecond }) => requestsPerSecond);
  const rate = median(rates);
  const costs = costsOf(result);
  const twinCosts = twin === undefined ? [] : costsOf(twin);
  const hasCosts = costs.length > 0 && twinCosts.length > 0;
  const cells = [
    page,
    server,
    rate.toFixed(0),
    `${Math.min(...rates).toFixed(0)} – ${Math.max(...rates).toFixed(0)}`,
    twin === undefined
      ? ""
      : `${(rate / median(twin.rounds.map((r) => r.requestsPerSecond))).toPrecision(2)} ×`,
    costs.length === 0 ? "" : median(costs).toFixed(0),
    hasCosts ? `${(median(costs) / median(twinCosts)).toFixed(1)} ×` : "",
  ];
  return `| ${cells.join(" | ")} |`;
}

function costsOf({ rounds }: Throughput): readonly number[] {
  return rounds.flatMap(({ microseconds }) => (microseconds === undefined ? [] : [microseconds]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
