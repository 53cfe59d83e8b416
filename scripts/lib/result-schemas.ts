import { z } from "zod";
import { deployDocument, doctorDocument, planDocument } from "../../deploy/cli/document-schemas.ts";

/** The JSON Schemas in docs/schema, made from those that the CLI's documents are typed by. */
const DOCUMENTS = [
  {
    name: "plan.json",
    title: "slipway plan --json",
    description: "What a deploy would do, or why that could not be found out.",
    schema: planDocument,
  },
  {
    name: "deploy.json",
    title: "slipway deploy --json",
    description: "What a deploy did, or why it could not begin.",
    schema: deployDocument,
  },
  {
    name: "doctor.json",
    title: "slipway doctor --json",
    description:
      "What is good and what is wrong with an environment, or why nothing could be looked at.",
    schema: doctorDocument,
  },
];

/** The text of each file by its name. Objects are open: a later version may add fields. */
export function resultSchemas(): ReadonlyMap<string, string> {
  return new Map(
    DOCUMENTS.map(({ name, title, description, schema }) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
      return [name, `${JSON.stringify({ $schema, title, description, ...rest }, null, 2)}\n`];
    }),
  );
}
