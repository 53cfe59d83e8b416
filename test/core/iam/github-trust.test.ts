import { describe, expect, it } from "vitest";
import {
  githubTrustPolicy,
  parseJob,
  parseRepository,
  subjectsOf,
  trustNotes,
} from "../../../deploy/core/iam/github-trust.ts";

const NO_IDS = { owner: undefined, repository: undefined };
const IDS = { owner: "1234567", repository: "7654321" };
const NO_JOB = { branch: undefined, tag: undefined, environment: undefined };

const subjects = (
  job: Partial<typeof NO_JOB | Record<string, string>>,
  ids: typeof NO_IDS | typeof IDS = IDS,
) => subjectsOf(parseRepository("octo-org/website", ids), parseJob({ ...NO_JOB, ...job }));

describe("the subject", () => {
  it.each([
    [{}, "ref:refs/heads/main"],
    [{ branch: "release/1.x" }, "ref:refs/heads/release/1.x"],
    [{ tag: "v1.2.3" }, "ref:refs/tags/v1.2.3"],
    [{ environment: "production" }, "environment:production"],
    [{ environment: "live:eu" }, "environment:live%3Aeu"],
  ])("of %j is classic and immutable", (job, context) => {
    expect(subjects(job)).toEqual([
      `repo:octo-org/website:${context}`,
      `repo:octo-org@1234567/website@7654321:${context}`,
    ]);
  });

  it("is the classic one alone while the numbers are not known, and the note says how to ask for them", () => {
    expect(subjects({}, NO_IDS)).toEqual(["repo:octo-org/website:ref:refs/heads/main"]);
    expect(trustNotes(parseRepository("octo-org/website", NO_IDS)).join()).toContain(
      "gh api repos/octo-org/website",
    );
  });
});

describe("the trust policy", () => {
  const policy = githubTrustPolicy({ account: "111122223333", partition: "aws" }, subjects({}));

  it("compares audience and subject exactly", () => {
    const [statement] = policy.Statement;
    expect(Object.keys(statement?.Condition ?? {})).toEqual(["StringEquals"]);
    expect(statement?.Condition?.StringEquals).toEqual({
      "token.actions.githubusercontent.com:aud": ["sts.amazonaws.com"],
      "token.actions.githubusercontent.com:sub": subjects({}),
    });
    expect(JSON.stringify(policy)).not.toContain("*");
    expect(statement?.Principal).toEqual({
      Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
    });
  });

  it("fits into a role's trust policy", () => {
    // IAM quotas: 2,048 characters, white space not counted.
    expect(JSON.stringify(policy).length).toBeLessThan(2048);
  });
});

describe("bad input", () => {
  it.each([
    "website",
    "octo-org/",
    "/website",
    "octo-org/website/more",
    "https://github.com/octo-org/website",
    "octo-*/website",
    "octo-org/*",
    "octo-org/web site",
    "octo-org/..",
    "octo-org@1/website@2",
    "-octo/website",
    "",
  ])("%j is no repository", (text) => {
    expect(() => parseRepository(text, NO_IDS)).toThrow(expect.objectContaining({ kind: "usage" }));
  });

  it.each([
    { owner: "1", repository: undefined },
    { owner: undefined, repository: "1" },
    { owner: "octo", repository: "1" },
    { owner: "0", repository: "1" },
    { owner: "1", repository: "*" },
  ])("%j are no two numbers", (ids) => {
    expect(() => parseRepository("octo-org/website", ids)).toThrow(
      expect.objectContaining({ kind: "usage" }),
    );
  });

  it.each([
    { branch: "main", environment: "production" },
    { branch: "main", tag: "v1" },
    { branch: "release/*" },
    { environment: "" },
    { environment: "pro duction" },
  ])("%j is no one job", (job) => {
    expect(() => parseJob({ ...NO_JOB, ...job })).toThrow(
      expect.objectContaining({ kind: "usage" }),
    );
  });
});
