import { describe, expect, it } from "vitest";
import { bytes, count, seconds } from "../../deploy/cli/words.ts";

describe("count", () => {
  it.each([
    [0, "0 files"],
    [1, "1 file"],
    [2, "2 files"],
    [12_345, "12,345 files"],
  ])("writes %d as %s", (amount, text) => {
    expect(count(amount, "file")).toBe(text);
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1240, "1.2 kB"],
    [9949, "9.9 kB"],
    [9950, "10 kB"],
    [652_301, "652 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [70_000_000, "70 MB"],
    [5_000_000_000, "5.0 GB"],
    [3_000_000_000_000_000, "3000 TB"],
  ])("writes %d as %s", (amount, text) => {
    expect(bytes(amount)).toBe(text);
  });
});

describe("seconds", () => {
  it.each([
    [0, "0.0 s"],
    [0.44, "0.4 s"],
    [9.94, "9.9 s"],
    [9.95, "10 s"],
    [59.4, "59 s"],
    [59.6, "1 min 0 s"],
    [125, "2 min 5 s"],
  ])("writes %d as %s", (amount, text) => {
    expect(seconds(amount)).toBe(text);
  });
});
