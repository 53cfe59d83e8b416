import { Worker } from "node:worker_threads";
import { createLoadedFunctions, type LoadedFunctions } from "./loaded-functions.ts";
import { createOverrunWatch } from "./overrun-watch.ts";
import type { FromThread, LoadedSource, ToThread } from "./thread-messages.ts";
import type { FunctionEvent, FunctionRun, ViewerFunction } from "./viewer-function.ts";

/**
 * The wall-clock time that one run may take. CloudFront's own limit is documented only as 100 on a
 * relative scale (CF-DG "Compute utilization") and is a fraction of this: this one is there to end an
 * endless loop, and must not end an honest function because the machine is busy.
 */
const TIME_LIMIT_MS = 1_000;

/** A function has 2 MB on CloudFront (CF-DG "Quotas"): this, too, is there to end what has no end. */
const MEMORY_LIMIT_MB = 256;

/** For all functions together. The watch comes before it, unless the machine is too busy for that. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32 };

const ENTRY = new URL("./thread-entry.js", import.meta.url);

export type ThreadFunctionSource = LoadedSource & {
  /** Milliseconds since 1970; asked once a run. */
  readonly now: () => number;
};

export type FunctionThreadOptions = {
  readonly timeLimitMs?: number;
  /** What the thread begins with. */
  readonly entry?: URL;
  /** Told why a thread has ended by itself. */
  readonly onFault?: ((error: unknown) => void) | undefined;
};

export type FunctionThread = {
  /** Makes a function that runs in the thread. Costs nothing until it runs, and needs no end. */
  prepare(source: ThreadFunctionSource): ViewerFunction;
  /** Ends the thread. Runs under way, and later ones, end as execution errors. */
  close(): Promise<void>;
};

type Prepared = LoadedSource & { readonly fn: number };

type Waiting = {
  readonly prepared: Prepared;
  readonly event: string;
  readonly now: number;
  readonly resolve: (run: FunctionRun) => void;
};

/** One worker from its start to its end. */
type Thread = {
  readonly worker: Worker;
  readonly loaded: LoadedFunctions;
  isReady: boolean;
  fault: unknown;
};

/**
 * A thread beside the edge's own for all functions, started when the first one runs. A run that takes
 * too long, or more memory than there is, ends with its thread as an execution error; the runs that
 * waited behind it are run again in a new thread. The thread keeps no process alive.
 */
export function createFunctionThread({
  timeLimitMs = TIME_LIMIT_MS,
  entry = ENTRY,
  onFault,
}: FunctionThreadOptions): FunctionThread {
  // The oldest first, which is the one that runs.
  const waiting = new Map<number, Waiting>();
  let current: Thread | undefined;
  let isClosed = false;
  let ids = 0;
  let oldestSince = 0;

  function start(): Thread {
    const worker = new Worker(entry, { resourceLimits: RESOURCE_LIMITS });
    const thread: Thread = {
      worker,
      loaded: createLoadedFunctions(),
      isReady: false,
      fault: undefined,
    };
    worker.on("message", (message: FromThread) => {
      if (thread === current) hear(thread, message);
    });
    worker.on("error", (error) => {
      thread.fault = error;
    });
    worker.on("exit", () => {
      if (thread === current) replaceFallen(thread);
    });
    return thread;
  }

  function send(id: number, { prepared, event, now }: Waiting): void {
    current ??= start();
    const { fn, ...source } = prepared;
    const { load, drop } = current.loaded.use(prepared);
    for (const dropped of drop) post(current, { kind: "drop", fn: dropped });
    if (load) post(current, { kind: "load", fn, source });
    post(current, { kind: "run", id, fn, event, now });
  }

  function hear(thread: Thread, message: FromThread): void {
    oldestSince = performance.now();
    switch (message.kind) {
      case "ready":
        thread.isReady = true;
        // Earlier it would do nothing.
        thread.worker.unref();
        return;
      case "ran":
        end(message.id, JSON.parse(message.run));
        return;
    }
  }

  function end(id: number, run: FunctionRun): void {
    const ended = waiting.get(id);
    waiting.delete(id);
    ended?.resolve(run);
  }

  function fail(ids: Iterable<number>, message: string): void {
    const outcome = { kind: "execution-error", message } as const;
    for (const id of ids) end(id, { outcome, logs: [] });
  }

  function replaceFallen({ isReady, fault }: Thread): void {
    onFault?.(fault ?? new Error("the functions' thread has ended itself"));
    const why = fault instanceof Error ? fault.message : "it has ended itself";
    // Where not even the thread could start, the next would not either.
    replace(isReady ? 1 : waiting.size, `the functions' thread has fallen: ${why}`);
  }

  /** Blames the oldest runs, and has the others run anew. */
  function replace(blamed: number, message: string): void {
    current = undefined;
    fail([...waiting.keys()].slice(0, blamed), message);
    oldestSince = performance.now();
    for (const [id, run] of waiting) send(id, run);
  }

  const watch = createOverrunWatch(
    { timeLimitMs, memoryLimitMb: MEMORY_LIMIT_MB },
    {
      current() {
        const [id] = waiting.keys();
        if (id === undefined) return undefined;
        // A thread that has yet to start is late for other reasons.
        return { id, since: current?.isReady === true ? oldestSince : performance.now() };
      },
      onOverrun(message) {
        const late = current;
        replace(1, message);
        late?.worker.terminate().catch((error: unknown) => onFault?.(error));
      },
    },
  );

  function run(prepared: Prepared, event: FunctionEvent, now: number): Promise<FunctionRun> {
    return new Promise((resolve) => {
      const id = ++ids;
      if (waiting.size === 0) oldestSince = performance.now();
      const order = { prepared, event: JSON.stringify(event), now, resolve };
      waiting.set(id, order);
      if (isClosed) return fail([id], CLOSED);
      send(id, order);
      watch.begin();
    });
  }

  return {
    prepare({ now, ...source }) {
      const prepared = { ...source, fn: ++ids };
      return { name: source.name, run: (event) => run(prepared, event, now()) };
    },
    async close() {
      isClosed = true;
      watch.end();
      const last = current;
      current = undefined;
      fail([...waiting.keys()], CLOSED);
      if (last !== undefined) await endThread(last);
    },
  };
}

const CLOSED = "the edge is being closed";

/** A worker that is ended while it registers its loader stands still for good on Node 20. */
async function endThread({ worker, isReady }: Thread): Promise<void> {
  if (!isReady) {
    await new Promise((resolve) => worker.once("message", resolve).once("exit", resolve));
  }
  await worker.terminate();
}

function post({ worker }: Thread, message: ToThread): void {
  worker.postMessage(message);
}
