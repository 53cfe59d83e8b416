/** One thing we do for clients. `icon` names a drawing in `_includes/icons/`. */
export type Service = {
  readonly name: string;
  readonly icon: "build" | "rescue" | "launch" | "review";
  readonly summary: string;
  readonly price: string;
  readonly youGet: readonly string[];
};

export const services: readonly Service[] = [
  {
    name: "Build",
    icon: "build",
    summary:
      "A web service or site made from nothing: small enough to understand, tested enough to trust.",
    price: "by the day, with a ceiling",
    youGet: [
      "A repository in your name from the first day",
      "A running version to click on every Friday",
      "Tests that run without us",
    ],
  },
  {
    name: "Rescue",
    icon: "rescue",
    summary:
      "The system nobody dares to touch. We write down what it does, then make it safe to change.",
    price: "by the day, with a ceiling",
    youGet: [
      "A map of what runs where, and why",
      "Tests around the parts that earn money",
      "A list of what to mend first, with costs",
    ],
  },
  {
    name: "Launch",
    icon: "launch",
    summary:
      "Releases that can be repeated, watched and taken back, on accounts and machines you own.",
    price: "fixed",
    youGet: [
      "A release that one command repeats",
      "A rehearsed way back to yesterday's version",
      "A bill from the provider with your name on it",
    ],
  },
  {
    name: "Second look",
    icon: "review",
    summary:
      "Two of us read your code, or somebody else's offer, and tell you in plain words what we think.",
    price: "fixed",
    youGet: [
      "A report of at most ten pages",
      "Every finding with its place and its risk",
      "An hour of questions, all of them answered",
    ],
  },
];

export default services;
