import { expect, it } from "vitest";
import { readPlanFile, writePlanFile } from "../../deploy/local/plan-file.ts";
import { failureOf } from "../support/failure.ts";
import { tempFolder } from "../support/temp-folder.ts";

it("a plan comes back as it was saved", async () => {
  const root = await tempFolder();
  await writePlanFile(root, "plan.json", "{}");
  expect(await readPlanFile(root, "plan.json")).toBe("{}");
});

it.each([
  ["that is not there", "none.json", "there is no such file or folder"],
  ["that is a folder", "below", "illegal operation on a directory"],
  ["without a name", "", "illegal operation on a directory"],
])("a plan %s cannot be read, and says why in words", async (_, name, why) => {
  const root = await tempFolder({ "below/a": "" });
  const { kind, text } = await failureOf(readPlanFile(root, name));
  expect(kind).toBe("usage");
  expect(text.what).toBe(`The plan "${name}" cannot be read`);
  expect(text.why).toContain(why);
});

it("a plan in a folder that is not there cannot be saved", async () => {
  const { text } = await failureOf(writePlanFile(await tempFolder(), "none/plan.json", "{}"));
  expect(text.what).toBe('The plan cannot be saved in "none/plan.json"');
});
