import { expect, it } from "vitest";
import { renderEvent } from "../../deploy/cli/render-event.ts";

const time = new Date("2026-11-22T12:00:00.000Z");

it("an event is one versioned line, whatever its names hold", () => {
  const event = { kind: "write-finished", key: "a\nb\u2028.html", bytes: 12 } as const;
  const line = renderEvent(event, time);
  expect(line).not.toContain("\n");
  expect(
    line.startsWith('{"version":1,"time":"2026-11-22T12:00:00.000Z","kind":"write-finished"'),
  ).toBe(true);
  expect(JSON.parse(line)).toEqual({ version: 1, time: time.toISOString(), ...event });
});
