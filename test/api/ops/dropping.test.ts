import { describe, expect, it } from "vitest";
import { dropMessages } from "../../../api/ops/drop.ts";
import { type ExportSink, exportMessages } from "../../../api/ops/export.ts";
import { setUpBroker } from "../../../api/ops/setup.ts";
import { switchUnroutable } from "../../../api/ops/unroutable.ts";
import { idsIn, type Visit, visit } from "../../support/ops-visit.ts";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";

const ALL = { kinds: [], ids: [], max: undefined };
const ERRORS = "events.errors";

describe.skipIf(!hasRabbit())("taking messages out", { timeout: 120_000 }, () => {
  it("exports them whole, and leaves each where it is", async () => {
    const at = await keptVisit();
    await at.publish("user.erased.v1");
    const bytes = Buffer.from([0xff, 0, 1]);
    at.channel.publish("events", "a.b.v1", bytes, { headers: { blob: bytes } });
    await at.channel.waitForConfirms();
    const sink = memorySink();
    const result = await exportMessages({ ...at, queue: ERRORS }, ALL, sink);
    expect(result).toMatchObject({ matched: 2, file: "memory" });
    expect(sink.lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        version: 1,
        queue: ERRORS,
        exchange: "events",
        routingKey: "user.erased.v1",
        properties: { messageId: "1", timestamp: 1_700_000_001, headers: { number: 1 } },
        encoding: "utf-8",
        body: '{"n":1}',
      },
      { routingKey: "a.b.v1", encoding: "base64", body: "/wAB" },
    ]);
    expect(sink.synced).toBe(true);
    expect(await idsIn(at.channel, ERRORS)).toHaveLength(2);
  });

  it("drops those that are meant, once they are safe in the export and somebody agreed", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1", "c.d.v1", "a.b.v1", "c.d.v1");
    const sink = memorySink();
    const result = await dropMessages(
      { ...at, queue: ERRORS },
      {
        selection: { ...ALL, kinds: ["a.#"] },
        dryRun: false,
        openExport: async () => sink,
        confirm: async (preview) => {
          expect(sink.synced).toBe(true);
          expect(preview).toEqual({
            queue: ERRORS,
            kinds: [{ kind: "a.b.v1", count: 2 }],
            file: "memory",
          });
          return true;
        },
      },
    );
    expect(result).toMatchObject({ kind: "dropped", matched: 2, file: "memory" });
    expect(sink.lines.map((line) => JSON.parse(line).properties.messageId)).toEqual(["1", "3"]);
    expect(await idsIn(at.channel, ERRORS)).toEqual(["2", "4"]);
  });

  it("purges what was exported, and not what came while somebody thought about it", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1", "a.b.v1");
    const sink = memorySink();
    const result = await dropMessages(
      { ...at, queue: ERRORS },
      {
        selection: ALL,
        dryRun: false,
        openExport: async () => sink,
        confirm: async () => {
          await at.publish("a.b.v1");
          return true;
        },
      },
    );
    expect(result).toMatchObject({ kind: "dropped", matched: 2 });
    expect(await idsIn(at.channel, ERRORS)).toEqual(["3"]);
  });

  it("takes nothing out on a no, on a dry run, and when the export fails", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1", "a.b.v1");
    const place = { ...at, queue: ERRORS };
    const openExport = async () => memorySink();
    const no = { selection: ALL, dryRun: false, openExport, confirm: async () => false };
    expect(await dropMessages(place, no)).toMatchObject({ kind: "declined", file: "memory" });
    const dry = { ...no, dryRun: true, openExport: fails };
    expect(await dropMessages(place, dry)).toMatchObject({ kind: "dry-run", matched: 2 });
    const full = { ...no, openExport: async () => ({ ...memorySink(), sync: fails }) };
    await expect(dropMessages(place, { ...full, confirm: async () => true })).rejects.toThrow(
      "no space",
    );
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "2"]);
  });

  it("opens no export where nothing is meant", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1");
    const how = { dryRun: false, openExport: fails, confirm: fails };
    const place = { ...at, queue: ERRORS };
    expect(await dropMessages(place, { selection: { ...ALL, ids: ["7"] }, ...how })).toMatchObject({
      kind: "nothing-matched",
      seen: 1,
      matched: 0,
    });
  });
});

async function fails(): Promise<never> {
  throw new Error("no space");
}

function memorySink(): ExportSink & { readonly lines: readonly string[]; synced: boolean } {
  const lines: string[] = [];
  const sink = {
    name: "memory",
    lines,
    synced: false,
    async write(line: string) {
      lines.push(line);
    },
    async sync() {
      sink.synced = true;
    },
  };
  return sink;
}

async function keptVisit(): Promise<Visit> {
  const at = await visit(await freshVhost());
  await setUpBroker(at.session, at.management);
  await switchUnroutable(at.session, at.management, "keep");
  return at;
}
