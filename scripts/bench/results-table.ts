/** One run of one contestant. */
export type Result = {
  readonly contestant: string;
  /** Added round trip, in milliseconds. */
  readonly latency: number;
  readonly scenario: string;
  readonly files: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly requests: number;
  readonly bytesIn: number;
};

const HEAD = [
  "| added latency | what | with | seconds | against Slipway | requests | MB sent | peak MB |",
  "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |",
];

/** A Markdown table; each rival's time is also given as a multiple of Slipway's in the same place. */
export function renderResults(results: readonly Result[]): string {
  const order = [...new Set(results.map(({ scenario }) => scenario))];
  const sorted = results.toSorted(
    (a, b) => a.latency - b.latency || order.indexOf(a.scenario) - order.indexOf(b.scenario),
  );
  return [...HEAD, ...sorted.map((result) => rowOf(result, results))].join("\n");
}

function rowOf(result: Result, all: readonly Result[]): string {
  const { latency, scenario, contestant, seconds, requests, bytesIn, peakMegabytes } = result;
  const own = all.find(
    (other) =>
      other.contestant.startsWith("slipway") &&
      other.latency === latency &&
      other.scenario === scenario,
  );
  const ratio =
    own === undefined || own === result ? "" : `${(seconds / own.seconds).toFixed(1)} ×`;
  const cells = [
    `${latency} ms`,
    scenario,
    contestant,
    seconds.toFixed(1),
    ratio,
    String(requests),
    (bytesIn / 1e6).toFixed(1),
    peakMegabytes.toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}
