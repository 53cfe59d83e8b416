import { expect, test } from "vitest";
import { addressProblem } from "../../site/assets/address.ts";

test.each([
  ["", "Please type your email address."],
  ["   ", "Please type your email address."],
  ["someone", "An email address has an @ in it. This one has none."],
  ["a@b@c.example", "This address has more than one @."],
  ["@b.example", "Something is missing before the @."],
  ["a@", "Something is missing after the @."],
  ["a@localhost", "After the @ we expected a dot, as in localhost.com."],
  [" a@b.example ", undefined],
])("The form answers %o with: %s", (typed, answer) => {
  expect(addressProblem(typed, false)).toBe(answer);
});

test("The form believes the browser where its own rules find nothing", () => {
  expect(addressProblem("a b@c.example", true)).toMatch(/^This does not look like/);
});
