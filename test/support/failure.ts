import { SlipwayError } from "../../deploy/core/errors.ts";

/** The SlipwayError that a promise ends with. Anything else, success too, fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<SlipwayError> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof SlipwayError) return error;
  throw error;
}
