import { setImmediate } from "node:timers/promises";

type Waiting = {
  readonly who: string;
  readonly what: string;
  readonly go: () => void;
};

/**
 * Where everybody stops before each step, until the test lets one of them go on. So the test decides
 * the order of everything that several deploys do, and can leave one standing as long as it likes.
 */
export class Turnstile {
  #waiting: readonly Waiting[] = [];
  readonly #gone = new Set<string>();

  /** Whoever is gone waits forever: its process has ended. */
  wait(who: string, what: string): Promise<void> {
    return new Promise((go) => {
      if (!this.#gone.has(who)) this.#waiting = [...this.#waiting, { who, what, go }];
    });
  }

  /** What somebody stands before, in the order in which they came. */
  waiting(who?: string): readonly Waiting[] {
    return this.#waiting.filter((one) => who === undefined || one.who === who);
  }

  /** Resolves when the one that was let go stands again, or has come to its end. */
  async letGo(one: Waiting): Promise<void> {
    this.#waiting = this.#waiting.filter((other) => other !== one);
    one.go();
    await setImmediate();
  }

  /** Ends somebody where it stands. */
  drop(who: string): void {
    this.#gone.add(who);
    this.#waiting = this.#waiting.filter((one) => one.who !== who);
  }
}
