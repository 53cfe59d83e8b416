/** One step that a request takes, as a person reads it. */
export type Step = {
  readonly title: string;
  /** One sentence. */
  readonly says: string;
  /** `ends`: nothing after it is asked; `minds`: somebody should look at it. */
  readonly tone: "goes-on" | "ends" | "minds";
  readonly facts: readonly Fact[];
};

export type Fact = { readonly name: string; readonly value: string };

export type ExpectedAnswer =
  | KnownAnswer
  /** An origin of the owner's own: asking it could change something, so it is not asked. */
  | { readonly kind: "origin-decides"; readonly url: string };

export type KnownAnswer = {
  readonly kind: "known";
  readonly status: number;
  /** The value of X-Cache. */
  readonly cache: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** A part of the way: what it has to say, and how to go on or what to answer. */
export type Leg<Next> = {
  readonly steps: readonly Step[];
  readonly result: { readonly kind: "next"; readonly next: Next } | Ended;
};

export type Ended = { readonly kind: "ended"; readonly answer: ExpectedAnswer };
