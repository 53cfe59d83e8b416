/**
 * Runs changes one after the other, so that what one of them checked is still so when it writes. A
 * failure is its caller's and stops nobody else.
 */
export function createTurns(): <T>(change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const turn = last.then(change, change);
    last = turn.catch(() => undefined);
    return turn;
  };
}
