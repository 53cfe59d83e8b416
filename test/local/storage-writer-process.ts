import { openStorage } from "../../deploy/local/edge/storage/storage.ts";
import { createSite, store } from "./storage-fixture.ts";

/** A line of the writer begins with one of these; "done" is an acknowledgement. */
export type WriterEvent = "begin" | "done";

/**
 * Writes objects until it is killed, and says so on standard output after each one is acknowledged.
 * Run by storage-crash.test.ts: arguments are the folder and the number of the run.
 */
const [directory = "", run = "0"] = process.argv.slice(2);

async function writeForever(lane: number): Promise<never> {
  const storage = await storagePromise;
  for (let i = 0; ; i += 1) {
    // The same few keys again and again, so that most writes replace an older object.
    const key = `lane-${lane}/${i % 3}`;
    const text = `${run}:${lane}:${i}:${"x".repeat((i * 37) % 5000)}`;
    tell("begin", key, text);
    await store(storage, key, text);
    tell("done", key, text);
  }
}

function tell(event: WriterEvent, key: string, text: string): void {
  process.stdout.write(`${event} ${key} ${text.length} ${text.slice(0, 20)}\n`);
}

const storagePromise = openStorage({ directory }).then(async (storage) => {
  if (!storage.buckets.has("site")) await createSite(storage);
  return storage;
});

await Promise.all([0, 1, 2, 3].map(writeForever));
