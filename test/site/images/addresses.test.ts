import { describe, expect, test } from "vitest";
import { readAddress, suggest } from "../../../site/lib/images/addresses.ts";

const POST = "site/content/blog/2026-01-10-desks.md";

describe("The address of an image", () => {
  test.each([
    [
      "is beside the article, or in a folder of its name",
      "./desk.jpg",
      ["site/content/blog/desk.jpg", "site/content/blog/2026-01-10-desks/desk.jpg"],
    ],
    [
      "needs no dot",
      "desk.jpg",
      ["site/content/blog/desk.jpg", "site/content/blog/2026-01-10-desks/desk.jpg"],
    ],
    [
      "may hold spaces, as Markdown encodes them",
      "my%20desk.jpg",
      ["site/content/blog/my desk.jpg", "site/content/blog/2026-01-10-desks/my desk.jpg"],
    ],
    ["is shared below /assets/images/", "/assets/images/a/b.png", ["site/assets/images/a/b.png"]],
    ["may hold a stray percent sign", "/assets/images/100%.png", ["site/assets/images/100%.png"]],
  ])("%s", (_name, address, paths) => {
    expect(readAddress(POST, address)).toEqual({ kind: "candidates", paths });
  });

  test.each([
    ["https://other.example/a.png", "is on another host"],
    ["//other.example/a.png", "is on another host"],
    ["C:\\\\desk.png", "is a file of your own computer"],
    ["file:///home/desk.png", "is a file of your own computer"],
    ["data:image/png;base64,AA", "is no image that the build can make smaller"],
    ["/favicon.svg", "is not among the site's images"],
    ["", "is empty"],
    ["./desk.heic", "is in no format that browsers show"],
    ["./desk", "is in no format that browsers show"],
  ])("%j is refused", (address, message) => {
    expect(readAddress(POST, address)).toMatchObject({ kind: "refused", message });
  });
});

describe("A wrong name", () => {
  const known = [
    "site/content/blog/Desk.JPG",
    "site/content/blog/lamp.png",
    "site/assets/images/cup.webp",
  ];

  test.each([
    ["of another case", "site/content/blog/desk.jpg", "site/content/blog/Desk.JPG"],
    ["with another ending", "site/content/blog/lamp.jpg", "site/content/blog/lamp.png"],
    ["in another folder", "site/content/blog/cup.webp", "site/assets/images/cup.webp"],
    ["like no other", "site/content/blog/tree.jpg", undefined],
  ])("%s leads to what was probably meant", (_name, wanted, found) => {
    expect(suggest([wanted], known)).toBe(found);
  });
});
