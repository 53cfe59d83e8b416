/**
 * A sleep that can be cut short. A call that comes while nobody sleeps is remembered, so that none is
 * missed between looking and lying down.
 */
export class WakeUp {
  #isCalled = false;
  #wake: (() => void) | undefined;

  call(): void {
    this.#isCalled = true;
    this.#wake?.();
  }

  /** Resolves on a call, or after that time; at once when one came since the last sleep. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.#isCalled) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#isCalled = false;
  }
}
