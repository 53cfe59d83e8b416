import { z } from "zod";
import { stateKey } from "../keys.ts";

/**
 * The ids that `setup` found or made, kept in the bucket: later commands find the distribution there,
 * and nobody copies it into a file.
 */
export const ESTATE_KEY = stateKey("estate.json");

const estateSchema = z.object({
  version: z.literal(1),
  site: z.string(),
  environment: z.string(),
  account: z.string(),
  distribution: z.object({ id: z.string(), arn: z.string(), domainName: z.string() }),
  access: z.string(),
  store: z.string(),
  headersPolicy: z.string(),
  viewerRequest: z.string(),
  viewerResponse: z.string(),
});

type Immutable<T> = T extends object ? { readonly [Name in keyof T]: Immutable<T[Name]> } : T;
export type EstateRecord = Immutable<z.output<typeof estateSchema>>;

/** Undefined for anything that is not a record of this version: `setup` then writes a new one. */
export function parseEstate(text: string): EstateRecord | undefined {
  try {
    return estateSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function estateText(record: EstateRecord): string {
  return JSON.stringify(record);
}
