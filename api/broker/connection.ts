import { type ChannelModel, connect, type RecoveringChannelModel } from "amqplib";
import { type Log, messageOf } from "../log.ts";

/** `blocked`: connected, but the broker takes no messages for lack of memory or disk. */
export type BrokerState =
  | { readonly kind: "connected" }
  | { readonly kind: "blocked"; readonly reason: string }
  | { readonly kind: "disconnected"; readonly error: string };

export type BrokerOptions = {
  /** `amqp:` or `amqps:`, with user, password and vhost. Never shown to anyone. */
  readonly url: string;
  /** Shown beside the connection in the broker's own tools. */
  readonly name: string;
  readonly log: Log;
  /** For one attempt to connect. */
  readonly connectMs?: number | undefined;
};

/** A broker that is frozen is noticed after two beats missed. */
const HEARTBEAT_SECONDS = 10;
const CONNECT_MS = 5_000;
/** Longer than a confirm, and than a consumer takes for what it has in hand. */
const CUT_MS = 8_000;
const RECOVERY = { initialDelay: 200, maxDelay: 5_000, waitForConnect: false };

/** Says what keeps `url` from being a broker's address, or nothing. Never repeats the URL. */
export function findAmqpUrlProblem(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return "it is not a URL";
  if (parsed.protocol !== "amqp:" && parsed.protocol !== "amqps:") {
    return `it starts with ${parsed.protocol} instead of amqp: or amqps:`;
  }
  if (parsed.hostname === "") return "it names no host";
  return undefined;
}

/**
 * One connection to the broker, made anew whenever it is lost. Whoever needs a channel registers with
 * `onConnected` and opens it on each new connection.
 */
export class BrokerConnection {
  readonly #recovering: RecoveringChannelModel;
  readonly #log: Log;
  #state: BrokerState = { kind: "disconnected", error: "not connected yet" };
  #model: ChannelModel | undefined;
  #openers: readonly ((model: ChannelModel) => void)[] = [];
  #watchers: readonly ((state: BrokerState) => void)[] = [];
  #impatience: NodeJS.Timeout | undefined;

  private constructor(recovering: RecoveringChannelModel, log: Log) {
    this.#recovering = recovering;
    this.#log = log;
    recovering.on("connect", (model: ChannelModel) => {
      this.#model = model;
      log.info({}, "connected to the broker");
      this.#become({ kind: "connected" });
      for (const open of this.#openers) open(model);
    });
    recovering.on("disconnect", (error: Error) => this.#lose(error));
    recovering.on("connect-failed", (error: Error) => this.#lose(error));
    recovering.on("reconnect-failed", (error: Error) => this.#lose(error));
    recovering.on("blocked", (reason: string) => {
      log.warn({ reason }, "the broker takes no messages for now");
      this.#become({ kind: "blocked", reason });
    });
    recovering.on("unblocked", () => {
      log.info({}, "the broker takes messages again");
      this.#become({ kind: "connected" });
    });
    // The loss that follows is what is acted on; without a listener the process would end.
    recovering.on("error", () => undefined);
  }

  /**
   * Resolves at once, before the broker has answered, and goes on trying until `close`. Throws a
   * TypeError when the URL cannot be a broker's.
   */
  static async open({
    url,
    name,
    log,
    connectMs = CONNECT_MS,
  }: BrokerOptions): Promise<BrokerConnection> {
    const problem = findAmqpUrlProblem(url);
    if (problem !== undefined) throw new TypeError(`not the address of a broker: ${problem}`);
    const recovering = await connect(withHeartbeat(url), {
      recovery: RECOVERY,
      timeout: connectMs,
      noDelay: true,
      clientProperties: { connection_name: name },
    });
    return new BrokerConnection(recovering, log);
  }

  get state(): BrokerState {
    return this.#state;
  }

  /** The connection there is now. */
  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Calls `open` with the connection there is, and with each later one. It must not throw. */
  onConnected(open: (model: ChannelModel) => void): void {
    this.#openers = [...this.#openers, open];
    if (this.#model !== undefined) open(this.#model);
  }

  onStateChange(watch: (state: BrokerState) => void): void {
    this.#watchers = [...this.#watchers, watch];
  }

  /** Waits for a connection; rejects after `milliseconds` with the reason why there is none. */
  async connected(milliseconds: number): Promise<void> {
    let impatience: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      const giveUp = () => {
        const why = this.#state.kind === "disconnected" ? `: ${this.#state.error}` : "";
        reject(new Error(`the broker cannot be reached${why}`));
      };
      impatience = setTimeout(giveUp, milliseconds);
    });
    try {
      await Promise.race([this.#recovering.waitForConnect(), tooLong]);
    } finally {
      clearTimeout(impatience);
    }
  }

  /**
   * Cuts the connection if it is not closed by then. A broker out of memory or disk answers nothing, and
   * whatever waits for its answer fails at that moment instead of never.
   */
  cutAfter(milliseconds = CUT_MS): void {
    this.#impatience ??= setTimeout(() => {
      // First, so that it does not connect again.
      void this.#recovering.close();
      if (this.#model !== undefined) destroySocket(this.#model);
      this.#end("cut");
    }, milliseconds);
  }

  /** Never takes longer than `cutAfter`. */
  async close(): Promise<void> {
    this.cutAfter();
    await this.#recovering.close();
    clearTimeout(this.#impatience);
    this.#end("closed");
  }

  #end(how: string): void {
    this.#openers = [];
    this.#model = undefined;
    this.#become({ kind: "disconnected", error: how });
  }

  #lose(error: unknown): void {
    this.#model = undefined;
    const reason = messageOf(error);
    const isNews = this.#state.kind !== "disconnected" || this.#state.error !== reason;
    if (isNews) this.#log.warn({ reason }, "no connection to the broker; trying again");
    this.#become({ kind: "disconnected", error: reason });
  }

  #become(state: BrokerState): void {
    this.#state = state;
    for (const watch of this.#watchers) watch(state);
  }
}

/** The client's types do not show its socket. */
function destroySocket({ connection }: ChannelModel): void {
  const { stream } = connection as { readonly stream?: { destroy(): void } };
  stream?.destroy();
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has("heartbeat")) {
    parsed.searchParams.set("heartbeat", String(HEARTBEAT_SECONDS));
  }
  return parsed.href;
}
