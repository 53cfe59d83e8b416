import { dayRate } from "./invoice.ts";

/** One thing we do for clients. `icon` names a drawing in `_includes/icons/`. */
export type Service = {
  readonly name: string;
  readonly url: string;
  readonly icon: "build" | "messages" | "review" | "launch" | "coach";
  readonly summary: string;
  readonly price: string;
};

const services: readonly Service[] = [
  {
    name: "Web platforms",
    url: "/services/#web-platforms-and-static-sites",
    icon: "build",
    summary:
      "Sites that load at once, that your own people can change, and that cost little to run.",
    price: priceOf(10, 40),
  },
  {
    name: "Messaging back ends",
    url: "/services/#messaging-and-event-driven-back-ends",
    icon: "messages",
    summary: "Systems that do not lose an order, also when the broker dies in the middle of one.",
    price: priceOf(20, 60),
  },
  {
    name: "Reviews",
    url: "/services/#performance-and-accessibility-reviews",
    icon: "review",
    summary: "Performance and accessibility, measured on real pages, with a fix for every finding.",
    price: `${priceOf(3, 6)}, fixed`,
  },
  {
    name: "Deploy pipelines",
    url: "/services/#deploy-pipelines-on-your-aws-account",
    icon: "launch",
    summary: "Releases on your own AWS account, in safe order, with a way back that takes seconds.",
    price: priceOf(5, 12),
  },
  {
    name: "Team coaching",
    url: "/services/#team-coaching",
    icon: "coach",
    summary: "A working day every fortnight with your team and your code, and a date when it ends.",
    price: `EUR ${dayRate} a day`,
  },
];

export default services;

function priceOf(fewestDays: number, mostDays: number): string {
  const amount = (days: number) => (days * dayRate).toLocaleString("en-GB");
  return `EUR ${amount(fewestDays)} to ${amount(mostDays)}`;
}
