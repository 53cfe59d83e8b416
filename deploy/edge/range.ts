/** Both ends are inclusive, as in an HTTP Range. */
export type Span = { readonly start: number; readonly end: number };

export type RangeDecision =
  /** 200 with everything. */
  | { readonly kind: "whole" }
  /** 206 with one part of the body. */
  | { readonly kind: "single"; readonly span: Span }
  /** 206 as multipart/byteranges. */
  | { readonly kind: "multiple"; readonly spans: readonly Span[] }
  /** 416: well-formed, but no byte of it exists. */
  | { readonly kind: "unsatisfiable" };

/**
 * What a Range header gets from a body of `size` bytes. Anything malformed, another unit, and ranges
 * that overlap or are not in ascending order get the whole (CF-DG "How CloudFront processes partial
 * requests for an object"); a range that starts past the end gets 416, as from S3.
 */
export function decideRange(header: string | undefined, size: number): RangeDecision {
  const specs = header === undefined ? undefined : parseSpecs(header);
  if (specs === undefined) return { kind: "whole" };
  const spans = specs.map((spec) => resolve(spec, size)).filter((span) => span !== undefined);
  const [first] = spans;
  if (first === undefined) return { kind: "unsatisfiable" };
  if (spans.length === 1) return { kind: "single", span: first };
  return isAscending(spans) ? { kind: "multiple", spans } : { kind: "whole" };
}

type Spec =
  | { readonly kind: "from"; readonly start: number; readonly end: number }
  | { readonly kind: "last"; readonly count: number };

function parseSpecs(header: string): readonly Spec[] | undefined {
  const list = /^\s*bytes\s*=(.*)$/i.exec(header)?.[1];
  if (list === undefined) return undefined;
  const specs = list.split(",").map(parseSpec);
  return specs.every((spec) => spec !== undefined) ? specs : undefined;
}

function parseSpec(text: string): Spec | undefined {
  const match = /^\s*(\d*)-(\d*)\s*$/.exec(text);
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "") return last === "" ? undefined : { kind: "last", count: Number(last) };
  const start = Number(first);
  const end = last === "" ? Number.POSITIVE_INFINITY : Number(last);
  return start <= end ? { kind: "from", start, end } : undefined;
}

function resolve(spec: Spec, size: number): Span | undefined {
  switch (spec.kind) {
    case "from":
      return spec.start < size
        ? { start: spec.start, end: Math.min(spec.end, size - 1) }
        : undefined;
    case "last":
      return spec.count > 0 && size > 0
        ? { start: Math.max(0, size - spec.count), end: size - 1 }
        : undefined;
  }
}

function isAscending(spans: readonly Span[]): boolean {
  return spans.every((span, i) => {
    const before = spans[i - 1];
    return before === undefined || span.start > before.end;
  });
}
