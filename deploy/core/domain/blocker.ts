/** Why names cannot be brought to a distribution as things stand. All are reported together. */
export type DomainRule =
  | "name-repeated"
  | "name-too-long"
  | "wrong-account"
  | "domain-unknown"
  | "domain-typo"
  | "zone-not-delegated"
  | "caa"
  | "alias-taken"
  | "record-in-the-way"
  | "record-routed"
  | "distribution-missing"
  | "distribution-disabled"
  | "distribution-kind"
  | "too-many-aliases";

export type Blocker = {
  readonly rule: DomainRule;
  readonly what: string;
  readonly why: string;
  readonly next: string;
};
