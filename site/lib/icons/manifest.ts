import type { Site } from "../../_data/site.ts";
import { type Brand, hex } from "../brand.ts";
import type { IconKind } from "./draw.ts";

/** The web app manifest: how a device calls and shows the site when somebody keeps it. */
export function makeManifest(
  site: Site,
  brand: Brand,
  addressOf: (kind: IconKind) => string,
): string {
  const png = (kind: IconKind, size: number, purpose: string) => ({
    src: addressOf(kind),
    sizes: `${size}x${size}`,
    type: "image/png",
    purpose,
  });
  const manifest = {
    name: site.name,
    short_name: site.name,
    description: site.description,
    lang: site.lang,
    id: "/",
    start_url: "/",
    scope: "/",
    display: "browser",
    background_color: hex(brand.paper),
    theme_color: hex(brand.paper),
    icons: [
      { src: "/favicon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
      png("icon-192", 192, "any"),
      png("icon-512", 512, "any"),
      png("maskable-512", 512, "maskable"),
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
