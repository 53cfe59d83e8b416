import { expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import { createReporter } from "../../deploy/cli/reporter.ts";
import { MemoryStream } from "../support/memory-stream.ts";

const plain = createPaint(false);
const written = (key: string, bytes: number) => ({ kind: "write-finished", key, bytes }) as const;

it("tells a log plain lines, one for all uploads", () => {
  const log = new MemoryStream();
  const { report } = createReporter(log, plain);
  report({ kind: "build-started", command: "node site/build.ts" });
  report({ kind: "scan-started", folder: "_site" });
  report({ kind: "scan-finished", files: 2, bytes: 3000 });
  report({ kind: "lock-awaited", owner: "mira on her laptop", since: "12:00" });
  report({ kind: "lock-awaited", owner: "mira on her laptop", since: "12:00" });
  report({ kind: "writes-started", changes: 2, bytes: 3000 });
  report(written("a.html", 1000));
  report(written("b.html", 2000));
  report({ kind: "writes-finished", changes: 2 });
  report({ kind: "invalidation-started", paths: 4, everything: false });
  report({ kind: "invalidation-finished", seconds: 1.25 });
  report({ kind: "invalidation-started", paths: 1, everything: true });
  report({ kind: "removal-started", keys: 1 });
  report({ kind: "removal-finished", keys: 1 });
  report({ kind: "invalidation-awaited", invalidations: 2 });
  expect(log.text).toBe(`Building the site (node site/build.ts)
Scanned 2 files, 3.0 kB
Waiting for mira on her laptop, who has been deploying since 12:00 …
Uploaded 2 files of 2, 3.0 kB
Invalidating 4 paths …
Invalidated in 1.3 s
Invalidating everything …
Removed 1 object
Waiting for 2 earlier invalidations …
`);
});

it("says how many of the uploads were done when they broke off", () => {
  const log = new MemoryStream();
  const { report } = createReporter(log, plain);
  report({ kind: "writes-started", changes: 3, bytes: 30 });
  report(written("a.html", 10));
  report({ kind: "writes-finished", changes: 3 });
  expect(log.text).toBe("Uploaded 1 file of 3, 10 B\n");
});

it("tells why rules are not in force, and what to do once that has changed", () => {
  const log = new MemoryStream();
  const { report } = createReporter(log, plain);
  report({ kind: "edge-unmanaged", why: "its viewer-request function is not Slipway's" });
  expect(
    log.text,
  ).toBe(`The site's redirects, clean URLs and headers are not in force: its viewer-request function is not Slipway's
When that has changed, slipway deploy --force publishes them
`);
});

it("draws a bar over itself on a terminal, and leaves the full one", () => {
  const terminal = new MemoryStream({ isTTY: true });
  let now = 1000;
  const { report } = createReporter(terminal, plain, () => now);
  report({ kind: "writes-started", changes: 2, bytes: 3000 });
  now += 100;
  report(written("a.html", 1000));
  now += 100;
  report(written("b.html", 2000));
  report({ kind: "writes-finished", changes: 2 });
  const frames = terminal.text.split("\r\u001B[2K").slice(1);
  expect(frames).toEqual([
    `Uploading ${"░".repeat(24)} 0/2  0 B of 3.0 kB`,
    `Uploading ${"█".repeat(12)}${"░".repeat(12)} 1/2  1.0 kB of 3.0 kB`,
    `Uploading ${"█".repeat(24)} 2/2  3.0 kB of 3.0 kB`,
    `Uploading ${"█".repeat(24)} 2/2  3.0 kB of 3.0 kB\n`,
  ]);
});

it("redraws at most twenty times a second, but always the end", () => {
  const terminal = new MemoryStream({ isTTY: true });
  let now = 1000;
  const { report } = createReporter(terminal, plain, () => now);
  report({ kind: "writes-started", changes: 1000, bytes: 1000 });
  for (let i = 0; i < 1000; i++) {
    now += 1;
    report(written(`${i}.html`, 1));
  }
  report({ kind: "writes-finished", changes: 1000 });
  expect(terminal.text.split("\r").length - 1).toBeLessThanOrEqual(22);
  expect(terminal.text).toMatch(/ 1000\/1000 {2}1\.0 kB of 1\.0 kB\n$/);
});
