import { element, type XmlElement } from "./write-xml.ts";

/** Who owns every bucket and object: S3's canonical user id is 64 hex digits. */
export type Owner = { readonly id: string; readonly name: string };

export const SLIPWAY_OWNER: Owner = {
  id: "51a9ed9e00000000000000000000000000000000000000000000000000000001",
  name: "slipway",
};

/** `<Owner>`, or the same under another name. */
export function ownerElement(owner: Owner, name = "Owner"): XmlElement {
  return element(name, [element("ID", owner.id), element("DisplayName", owner.name)]);
}
