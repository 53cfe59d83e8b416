import { eventKinds } from "../../api/events/catalogue.ts";
import { envelopeSchema } from "../../api/events/envelope.ts";
import { renderAsyncApi } from "./asyncapi.ts";
import { renderEventCatalogue } from "./event-catalogue-page.ts";

/** All that is made from the catalogue in api/events, by its place in docs/. */
export function eventDocuments(): ReadonlyMap<string, string> {
  return new Map([
    ["events.md", renderEventCatalogue()],
    ["events/asyncapi.yaml", renderAsyncApi()],
    ...eventKinds.map((kind): [string, string] => {
      const schema = {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        ...envelopeSchema(kind),
      };
      return [`events/${kind}.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  ]);
}
