import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { openEmbeddedStore } from "../../../api/store/embedded/embedded-store.ts";
import { StoreUnavailable } from "../../../api/store/store.ts";
import { eventually } from "../../support/eventually.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const STORE = join(import.meta.dirname, "../../../api/store/embedded/embedded-store.ts");

it("of two processes on one file one leads, and the other when that is killed", async () => {
  const file = join(await tempFolder(), "api.db");
  const store = openEmbeddedStore(file);
  onTestFinished(() => store.close());
  const first = await store.signals.lead();
  expect(first).toBeDefined();
  const other = startLeader(file);
  await other.says("waits");
  await first?.release();
  await other.says("leads");
  expect(await store.signals.lead()).toBeUndefined();
  other.kill();
  const again = await eventually(() => store.signals.lead(), patience);
  await again.release();
});

it.each([
  ["is no database", (file: string) => writeFile(file, "x".repeat(5000))],
  ["is a folder", (file: string) => mkdir(file)],
])("a file that %s is told of by its name", async (_what, spoil) => {
  const file = join(await tempFolder(), "api.db");
  await spoil(file);
  const open = () => openEmbeddedStore(file);
  expect(open).toThrow(StoreUnavailable);
  expect(open).toThrow(file);
});

it("a folder that cannot be made is told of by the name of the file", async () => {
  const taken = join(await tempFolder(), "taken");
  await writeFile(taken, "");
  const open = () => openEmbeddedStore(join(taken, "api.db"));
  expect(open).toThrow(StoreUnavailable);
  expect(open).toThrow(join(taken, "api.db"));
});

const patience = { seconds: 20, describe: () => "the lead did not come" };

/** A process that wants the lead, says so, and keeps it. */
function startLeader(file: string) {
  const script = `
    import { openEmbeddedStore } from ${JSON.stringify(pathToFileURL(STORE).href)};
    const store = openEmbeddedStore(${JSON.stringify(file)});
    for (;;) {
      const lead = await store.signals.lead();
      console.log(lead === undefined ? "waits" : "leads");
      await new Promise((resolve) => setTimeout(resolve, lead === undefined ? 20 : 600_000));
    }`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    says: (word: string) => eventually(() => text.includes(word) || undefined, patience),
    kill: () => child.kill("SIGKILL"),
  };
}
