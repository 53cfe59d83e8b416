import { it, onTestFinished } from "vitest";
import { readConfig } from "../../api/config.ts";
import { startService } from "../../api/service.ts";
import { openStore } from "../../api/store/open-store.ts";
import { register } from "../contracts/store-contract.ts";
import { NOON } from "../support/api-fixture.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp-folder.ts";

const DAY = 24 * 60 * 60_000;

it("the service tidies up at its start, and not only after an hour", async () => {
  const folder = await tempFolder();
  const store = openStore({ kind: "embedded", folder }, () => {});
  await register(store, "ada@example.com");
  await store.close();
  const log: string[] = [];
  const service = await startService({
    config: configIn(folder),
    now: () => new Date(NOON + 31 * DAY),
    logStream: { write: (line) => void log.push(line) },
  });
  onTestFinished(() => service.close());
  await eventually(() => log.find((line) => line.includes("forgot what is not needed")), {
    ...{ seconds: 5, describe: () => log.join("") },
  });
});

function configIn(folder: string) {
  const read = readConfig({ PORT: "0", DATA_DIR: folder });
  if (read.kind === "problems") throw new Error(read.problems.join());
  return read.config;
}
