import type { EnteredRecord } from "../core/domain/zone-change.ts";

/** How long resolvers may keep what we print, in seconds. */
const TTL = 300;

/** The records for another DNS host: a table to enter by hand, and the same as a BIND zone. */
export function renderRecords(records: readonly EnteredRecord[]): readonly string[] {
  const rows = records.map(({ name, type, value, zone }) => [
    type,
    name,
    relativeName(name, zone),
    value,
  ]);
  const table = columns([["type", "name", "name within its zone", "value"], ...rows]);
  return [
    ...table.map((line) => `  ${line}`),
    "",
    ...renderBindZone(records).map((line) => `  ${line}`),
    ...(records.some(({ type }) => type === "ALIAS") ? ["", ...ALIAS_HELP] : []),
  ];
}

/** Names with their dot, so that no DNS host puts the zone's name behind them again. */
export function renderBindZone(records: readonly EnteredRecord[]): readonly string[] {
  return records.map(({ name, type, value }) => {
    const line = `${name}. ${TTL} IN ${type} ${value}`;
    return type === "ALIAS" ? `; not in BIND: ${line}` : line;
  });
}

const ALIAS_HELP: readonly string[] = [
  "  No CNAME can stand at the top of a zone. DNS hosts call the way around it ALIAS, ANAME or",
  "  CNAME flattening; one that has none cannot give this name to CloudFront: move the zone to",
  "  Route 53, or let the name redirect to www there.",
];

/** What a form for the zone wants to see: `www`, `@`. */
function relativeName(name: string, zone: string): string {
  if (name === zone) return "@";
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : name;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
