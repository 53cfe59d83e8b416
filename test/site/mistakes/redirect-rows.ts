import { type Group, post, postFile } from "./row.ts";

const FILE = "site/rules/_redirects";

/** What is wrong with rules taken together: the lines that an author wrote, and what is said of them. */
type WrongRules = {
  readonly what: string;
  readonly lines: readonly string[];
  /** The place within `lines` and what is told of it. */
  readonly says: readonly (readonly [at: number, text: string])[];
};

const RULES: readonly WrongRules[] = [
  {
    what: "a redirect to nothing",
    lines: ["/gone  /nowhere/"],
    says: [[0, '"/nowhere/": leads to nothing in the site. Correct it, or add what it names.']],
  },
  {
    what: "a redirect to a draft",
    lines: ["/soon  /blog/unfinished/"],
    says: [
      [
        0,
        '"/blog/unfinished/": leads to site/content/blog/2026-03-02-unfinished.md, which is a draft. Publish it first, or remove the rule.',
      ],
    ],
  },
  {
    what: "a redirect without the slash at its end",
    lines: ["/us  /about"],
    says: [[0, '"/about": has no slash at its end. Write /about/.']],
  },
  {
    what: "a redirect to what is gone",
    lines: ["/printed  /printer", "/printer  410"],
    says: [
      [0, '"/printer": leads to what is gone, as line 7 says. Write 410 in place of the address.'],
    ],
  },
  {
    what: "redirects one behind the other",
    lines: ["/team  /people", "/people  /crew  302", "/crew  /about/"],
    says: [
      [
        0,
        '"/team": takes 3 redirects: /team → /people → /crew → /about/. Lead it to /about/ at once, with 302.',
      ],
      [1, '"/people": takes 2 redirects: /people → /crew → /about/. Lead it to /about/ at once.'],
    ],
  },
  {
    what: "redirects of whole folders one behind the other",
    lines: ["/2019/*  /archive/:splat", "/archive/*  /blog/:splat"],
    says: [
      [
        0,
        '"/2019/*": takes 2 redirects: /2019/:splat → /archive/:splat → /blog/:splat. Lead it to /blog/:splat at once.',
      ],
    ],
  },
  {
    what: "redirects that lead back to themselves",
    lines: ["/left  /right", "/right  /left"],
    says: [
      [
        0,
        '"/left": leads on without end: /left → /right → /left. Let it lead to a page, or remove it.',
      ],
    ],
  },
  {
    what: "a redirect into its own folder",
    lines: ["/docs/*  /docs/old/:splat"],
    says: [
      [
        0,
        '"/docs/*": leads on without end: /docs/:splat → /docs/old/:splat → /docs/old/old/:splat → /docs/old/old/old/:splat → …. Let it lead to a page, or remove it.',
      ],
    ],
  },
  {
    what: "a redirect from the address of a page",
    lines: ["/contact/  /about/"],
    says: [
      [
        0,
        '"/contact/": is the address of a page of this site, which comes first. Remove one of the two, or write ! behind the status.',
      ],
    ],
  },
  {
    what: "a redirect that hides a page for good",
    lines: ["/blog/  https://blog.example/  301!"],
    says: [
      [
        0,
        '"/blog/": hides a page of this site for good. Remove the page, or the rule; a redirect for some days has the status 302!.',
      ],
    ],
  },
  {
    what: "a rule that another one answers for",
    lines: ["/shop/*  /register/", "/shop/paper  /about/"],
    says: [
      [
        1,
        `"/shop/paper": never answers, as "/shop/*" in ${FILE}:18 comes first. Remove one of the two, or put this one above it.`,
      ],
    ],
  },
];

/** All of them stand in one file, so each row writes the same. */
const TEXT = ["# Rules with every mistake.", "", ...RULES.flatMap(({ lines }) => lines)].join("\n");

/** The line of a row's first rule, from 1. */
function firstLine(index: number): number {
  return 3 + RULES.slice(0, index).flatMap(({ lines }) => lines).length;
}

/** Rules for the edge, which a deploy reads too: by then it is late. */
export const REDIRECT_GROUPS: readonly Group[] = [
  {
    title: "Redirects",
    rows: [
      ...RULES.map(({ what, says }, index) => ({
        what,
        files: { [FILE]: TEXT },
        says: says.map(([at, text]) => `${FILE}:${firstLine(index) + at}: ${text}`),
      })),
      {
        what: "an old address that is that of a page",
        files: post("old-name", { aliases: "[/about/]" }),
        says: [
          `${postFile("old-name")}:7: aliases: has "/about/", which is the address of a page of this site. Remove one of them.`,
        ],
      },
    ],
  },
];
